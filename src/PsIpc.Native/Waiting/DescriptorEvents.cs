using System;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>What poll(2) is asked for, and what it found.</summary>
[Flags]
public enum DescriptorEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There is something to read.</summary>
    Input = Libc.POLLIN,

    /// <summary>There is room to write.</summary>
    Output = Libc.POLLOUT,

    /// <summary>An error; of a pipe, nobody is left who reads. Found without being asked for.</summary>
    Error = Libc.POLLERR,

    /// <summary>Nobody is left at the other side. Found without being asked for.</summary>
    HangUp = Libc.POLLHUP,

    /// <summary>The descriptor is not open.</summary>
    Invalid = Libc.POLLNVAL,
}
