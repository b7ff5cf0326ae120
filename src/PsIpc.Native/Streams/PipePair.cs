using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Streams;

/// <summary>A pipe without a name: what is written at one end is read at the other. See pipe(7).</summary>
public static class PipePair
{
    /// <summary>Makes a pipe, both ends closed when a program is executed: pipe2(2).</summary>
    /// <param name="packet">Whether each write of up to <see cref="ByteStream.AtomicLength"/> bytes is a packet of its own (O_DIRECT).</param>
    /// <exception cref="IpcException">EMFILE: the process has as many descriptors as it may; ENFILE: so has the system, or the user as many pages in pipes.</exception>
    public static unsafe (SafeDescriptor Reader, SafeDescriptor Writer) Create(bool packet)
    {
        int* ends = stackalloc int[2];
        _ = IpcException.Check(Libc.pipe2(ends, Libc.O_CLOEXEC | (packet ? Libc.O_DIRECT : 0)), "pipe2");
        return (new SafeDescriptor(ends[0]), new SafeDescriptor(ends[1]));
    }

    /// <summary>Bytes that a pipe or FIFO holds before who writes has to wait: F_GETPIPE_SZ.</summary>
    /// <param name="end">Either end.</param>
    /// <returns>Null for what is no pipe.</returns>
    public static int? GetCapacity(SafeDescriptor end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return Libc.fcntl(end, Libc.F_GETPIPE_SZ, 0) is >= 0 and var bytes ? bytes : null;
    }

    /// <summary>Sets the bytes that a pipe or FIFO holds; the kernel rounds up to pages: F_SETPIPE_SZ.</summary>
    /// <param name="end">Either end.</param>
    /// <param name="bytes">Above fs.pipe-max-size it takes CAP_SYS_RESOURCE.</param>
    /// <returns>What it holds now.</returns>
    /// <exception cref="IpcException">EPERM: above the limit, or above what the user may have in all; EBUSY: more than that is in it; EBADF: no pipe.</exception>
    public static int SetCapacity(SafeDescriptor end, int bytes)
    {
        ArgumentNullException.ThrowIfNull(end);
        return IpcException.Check(Libc.fcntl(end, Libc.F_SETPIPE_SZ, bytes), "fcntl(F_SETPIPE_SZ)");
    }
}
