using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Posix;

/// <summary>An open POSIX message queue: a descriptor. See mq_overview(7).</summary>
/// <remarks>
/// Not to be disposed while another thread sends or receives by it: the number may be another file's then. Two atomic
/// operations a message would guard against that, a fortieth of its cost; cancel the waiter first instead.
/// </remarks>
public sealed class PosixMessageQueue : IDisposable
{
    /// <summary>The highest priority: MQ_PRIO_MAX - 1.</summary>
    public const int MaxPriority = 32767;

    private readonly SafeDescriptor _descriptor;

    private PosixMessageQueue(SafeDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>What a queue is opened for.</summary>
    [Flags]
    public enum Access
    {
        /// <summary>Receiving, and reading the attributes.</summary>
        Receive = 1,

        /// <summary>Sending.</summary>
        Send = 2,
    }

    /// <summary>Makes a queue, with exactly the given permission bits whatever the process's umask is.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="maxMessages">Messages it holds at most; null for the system's default.</param>
    /// <param name="maxMessageSize">Bytes a message may have at most; null for the system's default.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">
    /// EEXIST: there is one; EINVAL: more than fs.mqueue.msg_max or msgsize_max; EMFILE: RLIMIT_MSGQUEUE (then the call
    /// is "mq_open(RLIMIT_MSGQUEUE)") or RLIMIT_NOFILE reached; ENOSPC: fs.mqueue.queues_max reached.
    /// </exception>
    public static unsafe PosixMessageQueue Create(string name, long? maxMessages, long? maxMessageSize, int mode)
    {
        // The kernel takes both values or neither, so a missing one is looked up.
        Libc.mq_attr attributes = new()
        {
            mq_maxmsg = (nint)(maxMessages ?? PosixQueueLimits.DefaultMaxMessages),
            mq_msgsize = (nint)(maxMessageSize ?? PosixQueueLimits.DefaultMaxMessageSize),
        };
        bool useDefaults = maxMessages is null && maxMessageSize is null;

        // Nobody else may open it before it has the mode that was asked for: 0600 first, the rest afterwards.
        int flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
        const uint ownerOnly = 0x180; // 0600
        PosixMessageQueue queue;
        try
        {
            queue = new(OpenDescriptor(name, flags, ownerOnly, useDefaults ? null : &attributes));
        }
        catch (IpcException e) when (e.Errno == Errno.EMFILE && CanOpenDescriptor())
        {
            throw new IpcException("mq_open(RLIMIT_MSGQUEUE)", e.Errno); // the same errno as for too many descriptors
        }

        try
        {
            queue.SetMode(mode);
            return queue;
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing queue.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="access">What for.</param>
    /// <param name="nonBlocking">Whether its calls never wait (O_NONBLOCK, the one flag of mq_setattr).</param>
    /// <exception cref="IpcException">ENOENT: there is none; EACCES: no permission.</exception>
    public static unsafe PosixMessageQueue Open(string name, Access access, bool nonBlocking)
    {
        int flags = Libc.O_CLOEXEC | (nonBlocking ? Libc.O_NONBLOCK : 0) | access switch
        {
            Access.Receive => Libc.O_RDONLY,
            Access.Send => Libc.O_WRONLY,
            _ => Libc.O_RDWR,
        };
        return new PosixMessageQueue(OpenDescriptor(name, flags, 0, null));
    }

    /// <summary>Removes a name; the queue goes when the last who has it open closes it.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <exception cref="IpcException">ENOENT: there is none; EACCES, EPERM: not its owner.</exception>
    public static unsafe void Unlink(string name)
    {
        fixed (byte* bytes = NativeString.Encode(name))
        {
            _ = IpcException.Check(Libc.mq_unlink(bytes), "mq_unlink");
        }
    }

    /// <summary>Describes the queue.</summary>
    /// <param name="name">What to call it: a descriptor does not know.</param>
    public PosixMessageQueueStatus GetStatus(string name) => PosixQueueReader.Read(_descriptor, name);

    /// <summary>Whether anybody has a queue open, as the kernel itself says; null where it does not. See <see cref="FileOpeners"/>.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="identity">Device and inode that it must have; of another queue nothing is said.</param>
    public static bool? HasOtherOpeners(string name, (ulong Device, ulong Inode) identity)
    {
        try
        {
            using PosixMessageQueue queue = Open(name, Access.Receive, nonBlocking: true);
            return queue.Identity == identity ? FileOpeners.Any(queue._descriptor) : null;
        }
        catch (IpcException)
        {
            return null; // it may not be read, or is gone
        }
    }

    /// <summary>Device and inode: what tells the queue from another of its name.</summary>
    public (ulong Device, ulong Inode) Identity
    {
        get
        {
            FileStatus status = FileStatus.Of(_descriptor);
            return (status.Device, status.Inode);
        }
    }

    /// <summary>Bytes a message may have at most.</summary>
    public unsafe long MaxMessageSize
    {
        get
        {
            Libc.mq_attr attributes;
            _ = IpcException.Check(Libc.mq_getattr(_descriptor, &attributes), "mq_getattr");
            return attributes.mq_msgsize;
        }
    }

    /// <summary>Messages in the queue.</summary>
    public unsafe long MessageCount
    {
        get
        {
            Libc.mq_attr attributes;
            _ = IpcException.Check(Libc.mq_getattr(_descriptor, &attributes), "mq_getattr");
            return attributes.mq_curmsgs;
        }
    }

    /// <summary>Messages in the queue, and whether there is no room for another: senders may wait.</summary>
    internal unsafe (long Count, bool IsFull) Filling
    {
        get
        {
            Libc.mq_attr attributes;
            _ = IpcException.Check(Libc.mq_getattr(_descriptor, &attributes), "mq_getattr");
            return (attributes.mq_curmsgs, attributes.mq_curmsgs == attributes.mq_maxmsg);
        }
    }

    /// <summary>The bare descriptor, for a call during which this object is kept alive; closed, it is refused.</summary>
    private int Number => !_descriptor.IsClosed ? (int)_descriptor.DangerousGetHandle() : throw new ObjectDisposedException(nameof(PosixMessageQueue));

    /// <summary>The descriptor, for waiting.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <summary>Sets the permission bits.</summary>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">EPERM: not the owner.</exception>
    public void SetMode(int mode) => _ = IpcException.Check(Libc.fchmod(_descriptor, (uint)mode), "fchmod");

    /// <summary>Sets owner and group; what is null stays as it is.</summary>
    /// <param name="uid">New owner.</param>
    /// <param name="gid">New group.</param>
    /// <exception cref="IpcException">EPERM: it takes CAP_CHOWN.</exception>
    public void SetOwner(uint? uid, uint? gid) =>
        _ = IpcException.Check(Libc.fchown(_descriptor, uid ?? uint.MaxValue, gid ?? uint.MaxValue), "fchown");

    /// <summary>Adds a message behind all of the same priority.</summary>
    /// <param name="message">The data, 0 bytes or more.</param>
    /// <param name="priority">0 (lowest) to 32767.</param>
    /// <param name="waiter">Cancels the wait for room in a full queue.</param>
    /// <param name="deadline">How long to wait for room.</param>
    /// <exception cref="IpcException">EMSGSIZE: longer than the queue allows.</exception>
    public unsafe WaitStatus Send(ReadOnlySpan<byte> message, int priority, Waiter waiter, Deadline deadline)
    {
        fixed (byte* data = message)
        {
            SendCall call = new(Number, data, message.Length, (uint)priority);
            WaitStatus status = waiter.Run(call, deadline, out _);
            GC.KeepAlive(this);
            return status;
        }
    }

    /// <summary>Takes the oldest message of the highest priority.</summary>
    /// <param name="buffer">Where it goes; at least <see cref="MaxMessageSize"/> bytes.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait for a message.</param>
    /// <param name="length">Bytes received.</param>
    /// <param name="priority">Its priority.</param>
    /// <exception cref="IpcException">EMSGSIZE: the buffer is too small.</exception>
    public unsafe WaitStatus Receive(Span<byte> buffer, Waiter waiter, Deadline deadline, out int length, out int priority)
    {
        uint receivedPriority = 0;
        fixed (byte* data = buffer)
        {
            ReceiveCall call = new(Number, data, buffer.Length, &receivedPriority);
            WaitStatus status = waiter.Run(call, deadline, out nint result);
            GC.KeepAlive(this);
            length = (int)result;
            priority = (int)receivedPriority;
            return status;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private static unsafe SafeDescriptor OpenDescriptor(string name, int flags, uint mode, Libc.mq_attr* attributes)
    {
        fixed (byte* bytes = NativeString.Encode(name))
        {
            return SafeDescriptor.Checked(Libc.mq_open(bytes, flags, mode, attributes), "mq_open");
        }
    }

    private static bool CanOpenDescriptor()
    {
        using SafeDescriptor probe = new(Libc.eventfd(0, Libc.EFD_CLOEXEC));
        return !probe.IsInvalid;
    }

    // A deadline in the distant past makes the timed calls come back at once with ETIMEDOUT, even where the descriptor
    // has no O_NONBLOCK (with it they say EAGAIN). Real deadlines are not given to them: theirs would move with the system's clock.
    private readonly unsafe struct SendCall(int descriptor, byte* message, int length, uint priority) : IBlockingCall
    {
        public static string Name => "mq_send";

        public static bool IsWouldBlock(Errno errno) => errno is Errno.EAGAIN or Errno.ETIMEDOUT;

        public nint Invoke(bool block)
        {
            Libc.timespec past = default;
            return Libc.mq_timedsend(descriptor, message, (nuint)length, priority, block ? null : &past);
        }
    }

    private readonly unsafe struct ReceiveCall(int descriptor, byte* message, int capacity, uint* priority) : IBlockingCall
    {
        public static string Name => "mq_receive";

        public static bool IsWouldBlock(Errno errno) => errno is Errno.EAGAIN or Errno.ETIMEDOUT;

        public nint Invoke(bool block)
        {
            Libc.timespec past = default;
            return Libc.mq_timedreceive(descriptor, message, (nuint)capacity, priority, block ? null : &past);
        }
    }
}
