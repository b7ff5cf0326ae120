using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PsIpc.Native;

/// <summary>A system call failed. Carries the call, the error number and its symbol; see errno(3) and the call's man page.</summary>
public class IpcException : Exception
{
    /// <summary>Makes one for a failed call, with the C library's own words as message.</summary>
    /// <param name="call">The C name of the call, for example <c>msgsnd</c>.</param>
    /// <param name="errno">What it failed with.</param>
    public IpcException(string call, Errno errno)
        : this(call, errno, $"{call}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({SymbolOf(errno)})", null)
    {
    }

    /// <summary>Makes one with a message of its own.</summary>
    /// <param name="call">The C name of the call.</param>
    /// <param name="errno">What it failed with.</param>
    /// <param name="message">What to tell the user.</param>
    /// <param name="inner">The exception that this one explains.</param>
    public IpcException(string call, Errno errno, string message, Exception? inner)
        : base(message, inner)
    {
        Call = call;
        Errno = errno;
    }

    /// <summary>The C name of the call that failed.</summary>
    public string Call { get; }

    /// <summary>The error number.</summary>
    public Errno Errno { get; }

    /// <summary>The error's symbol, for example <c>EACCES</c>.</summary>
    public string Symbol => SymbolOf(Errno);

    /// <summary>The failure of the call just made.</summary>
    internal static IpcException Last(string call) => new(call, Interop.Libc.LastErrno);

    /// <summary>Throws when a call that returns -1 on failure has failed; hands its result back otherwise.</summary>
    internal static int Check(int result, string call) => result != -1 ? result : throw Last(call);

    private static string SymbolOf(Errno errno) =>
        Enum.GetName(errno) ?? ((int)errno).ToString(CultureInfo.InvariantCulture);
}
