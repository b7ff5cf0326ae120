using System;
using System.Linq;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Streams;

/// <summary>
/// Reads and writes a descriptor through which bytes flow: a pipe, a FIFO, a stream socket, a terminal, a file. Whether the file was
/// opened for not waiting (O_NONBLOCK) makes no difference, and is left as it is: others may share it. See pipe(7).
/// </summary>
/// <remarks>It does not own the descriptor.</remarks>
public sealed class ByteStream
{
    /// <summary>Bytes up to which a write to a pipe is one piece that no other writer's bytes come between: PIPE_BUF.</summary>
    public const int AtomicLength = Libc.PIPE_BUF;

    // How long a call may wait that should not have to: another was quicker, and the kernel cannot be told not to wait (FIFOs; pipes before 6.5).
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestInstant = TimeSpan.FromMilliseconds(500);

    private readonly SafeDescriptor _descriptor;

    /// <summary>Serves a descriptor.</summary>
    /// <param name="descriptor">What to read or write; it stays the caller's.</param>
    /// <exception cref="IpcException">statx, fcntl(F_GETFL): it is none, or closed.</exception>
    public ByteStream(SafeDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _descriptor = descriptor;
        uint type = FileStatus.Of(descriptor).Type;
        IsPipe = type == Libc.S_IFIFO;
        CarriesMessages = type == Libc.S_IFSOCK && IsMessageSocket(descriptor);
        IsListening = type == Libc.S_IFSOCK && OptionOf(descriptor, Libc.SO_ACCEPTCONN) is > 0;
        int flags = IpcException.Check(Libc.fcntl(descriptor, Libc.F_GETFL, 0), "fcntl(F_GETFL)");
        IsPacket = IsPipe && (flags & Libc.O_DIRECT) != 0;
        CanRead = (flags & Libc.O_ACCMODE) != Libc.O_WRONLY && (flags & Libc.O_PATH) == 0;
        CanWrite = (flags & Libc.O_ACCMODE) != Libc.O_RDONLY && (flags & Libc.O_PATH) == 0;
    }

    /// <summary>Whether it is a pipe or a FIFO.</summary>
    public bool IsPipe { get; }

    /// <summary>Whether each write of up to <see cref="AtomicLength"/> bytes comes out as a packet of its own: pipe2(2), O_DIRECT. Only the end that is written to knows.</summary>
    public bool IsPacket { get; }

    /// <summary>
    /// Whether it is a Unix socket of datagrams or packets: read as a stream of bytes, its messages would run together, or be cut.
    /// </summary>
    public bool CarriesMessages { get; }

    /// <summary>Whether it is a socket that listens for connections: no bytes ever flow through it, only through these.</summary>
    public bool IsListening { get; }

    /// <summary>Whether it was opened for reading.</summary>
    public bool CanRead { get; }

    /// <summary>Whether it was opened for writing.</summary>
    public bool CanWrite { get; }

    /// <summary>
    /// Whether it is a pipe or FIFO that this very process has open for writing, by whichever descriptor: its end does not come before
    /// that is closed. False where /proc does not tell.
    /// </summary>
    public bool IsWrittenHere()
    {
        if (!IsPipe)
        {
            return false;
        }

        ProcessScanTargets own = new() { Processes = [Environment.ProcessId] };
        own.OpenFiles.Add(FileStatus.Of(_descriptor).Identity);
        return ProcessScan.Run(own).OpenFiles.Any(one => one.Access.HasFlag(HeldFor.Writing));
    }

    /// <summary>Reads what is there, and waits only when that is nothing: read(2).</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="count">Bytes read; 0 with <see cref="WaitStatus.Done"/> is the end: nobody is left who writes.</param>
    /// <exception cref="IpcException">EBADF: not opened for reading; EISDIR; ECONNRESET.</exception>
    public unsafe WaitStatus Read(Span<byte> buffer, Waiter waiter, Deadline deadline, out int count)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        using DescriptorLease lease = new(_descriptor);
        bool isRefused = false;
        fixed (byte* data = buffer)
        {
            ReadCall call = new(lease.Value, data, buffer.Length, &isRefused);
            WaitStatus status = Transfer(call, &isRefused, lease.Value, Libc.POLLIN, waiter, deadline, out nint result);
            count = status == WaitStatus.Done ? (int)result : 0;
            return status;
        }
    }

    /// <summary>Writes all of it: write(2), as often as it takes. Up to <see cref="AtomicLength"/> bytes go into a pipe as one piece, or not at all.</summary>
    /// <param name="data">What to write.</param>
    /// <param name="waiter">Cancels the wait for room.</param>
    /// <param name="deadline">How long to wait for room in all.</param>
    /// <param name="written">Bytes written, when it did not come to an end as well.</param>
    /// <exception cref="IpcException">EPIPE: nobody is left who reads; EBADF: not opened for writing; ENOSPC.</exception>
    public unsafe WaitStatus Write(ReadOnlySpan<byte> data, Waiter waiter, Deadline deadline, out int written)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        written = 0;
        using DescriptorLease lease = new(_descriptor);
        bool isRefused = false;
        fixed (byte* start = data)
        {
            while (written < data.Length)
            {
                WriteCall call = new(lease.Value, start + written, data.Length - written, &isRefused);
                WaitStatus status = Transfer(call, &isRefused, lease.Value, Libc.POLLOUT, waiter, deadline, out nint result);
                if (status != WaitStatus.Done)
                {
                    return status;
                }

                written += (int)result;
            }
        }

        return WaitStatus.Done;
    }

    /// <summary>Waits until something can be read, or the end is seen: poll(2).</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    public WaitStatus WaitReadable(Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        using DescriptorLease lease = new(_descriptor);
        return waiter.Run(new PollCall(lease.Value, Libc.POLLIN), deadline, out _);
    }

    private static unsafe WaitStatus Transfer<TCall>(
        in TCall call, bool* isRefused, int descriptor, short events, Waiter waiter, Deadline deadline, out nint result)
        where TCall : struct, IBlockingCall
    {
        TimeSpan instant = Instant;
        while (true)
        {
            WaitStatus status = waiter.Run(call, deadline, out result);
            if (status != WaitStatus.WouldBlock || (deadline.IsNoWait && !*isRefused))
            {
                return status;
            }

            // The file itself does not wait (O_NONBLOCK), or the kernel cannot be told for one call that it should not.
            status = waiter.Run(new PollCall(descriptor, events), deadline, out _);
            if (status != WaitStatus.Done)
            {
                return status;
            }

            if (deadline.IsNoWait)
            {
                // On a busy machine the time can be over before the call is made: while poll says that it need not wait, it is made again.
                status = waiter.Run(new OnlyBlocking<TCall>(call), Deadline.After(instant), out result);
                if (status != WaitStatus.TimedOut)
                {
                    return status;
                }

                if (instant > LongestInstant)
                {
                    return WaitStatus.WouldBlock;
                }

                instant *= 2;
            }
        }
    }

    private static nint WouldBlock()
    {
        Marshal.SetLastSystemError((int)Errno.EAGAIN);
        return -1;
    }

    /// <summary>What a call for this one time without waiting gives; where the kernel or the kind of file does not know that, it would block.</summary>
    private static unsafe nint Told(nint result, bool* isRefused)
    {
        if (result >= 0 || (Errno)Marshal.GetLastSystemError() is not (Errno.EOPNOTSUPP or Errno.ENOSYS or Errno.EINVAL))
        {
            return result;
        }

        *isRefused = true;
        return WouldBlock();
    }

    private readonly unsafe struct ReadCall(int descriptor, byte* data, int length, bool* isRefused) : IBlockingCall
    {
        public static string Name => "read";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block)
        {
            if (block)
            {
                return Libc.read(descriptor, data, (nuint)length);
            }

            Libc.iovec vector = new() { iov_base = data, iov_len = (nuint)length };
            return Told(Libc.preadv2(descriptor, &vector, Libc.RWF_NOWAIT), isRefused);
        }
    }

    private readonly unsafe struct WriteCall(int descriptor, byte* data, int length, bool* isRefused) : IBlockingCall
    {
        public static string Name => "write";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block)
        {
            if (block)
            {
                return Libc.write(descriptor, data, (nuint)length);
            }

            Libc.iovec vector = new() { iov_base = data, iov_len = (nuint)length };
            return Told(Libc.pwritev2(descriptor, &vector, Libc.RWF_NOWAIT), isRefused);
        }
    }

    /// <summary>A call that is made in no other way than blocking.</summary>
    private readonly struct OnlyBlocking<TCall>(TCall call) : IBlockingCall
        where TCall : struct, IBlockingCall
    {
        public static string Name => TCall.Name;

        public static bool IsWouldBlock(Errno errno) => TCall.IsWouldBlock(errno);

        public nint Invoke(bool block) => block ? call.Invoke(block: true) : WouldBlock();
    }

    private static bool IsMessageSocket(SafeDescriptor descriptor) =>
        OptionOf(descriptor, Libc.SO_DOMAIN) == Libc.AF_UNIX && OptionOf(descriptor, Libc.SO_TYPE) is not (null or Libc.SOCK_STREAM);

    /// <summary>An option of a socket; null of one that was opened by O_PATH.</summary>
    private static unsafe int? OptionOf(SafeDescriptor descriptor, int option)
    {
        int value = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(descriptor, Libc.SOL_SOCKET, option, &value, &length) == 0 ? value : null;
    }
}
