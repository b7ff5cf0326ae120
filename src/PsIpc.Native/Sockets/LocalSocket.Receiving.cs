using System;
using System.Collections.Generic;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Sockets;

/// <content>Receiving: recvmsg(2).</content>
public sealed partial class LocalSocket
{
    private const int OtherLength = 512; // credentials, a pidfd, and what else others may have asked for: time stamps, a security label
    private const int ControlCapacity = HeaderLength + ((MaxDescriptors * sizeof(int)) + 7 & ~7) + OtherLength;

    /// <summary>What the kernel says of a message that was sent before anybody asked for credentials: nobody.</summary>
    private const uint OverflowId = 65534;

    /// <summary>
    /// Receives a message, or from a stream what is there. Nothing is cut unless asked: a longer one stays where it is, and is an error.
    /// </summary>
    /// <remarks>
    /// When another process has just taken the message that was looked at, the next may be longer than is accepted. It cannot stay, and is
    /// given as it is.
    /// </remarks>
    /// <param name="buffer">Where the data goes; it grows as far as it must.</param>
    /// <param name="maxLength">Bytes that are accepted; from a stream, never more are taken than the buffer holds.</param>
    /// <param name="truncate">Whether a longer message is cut.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait for a message.</param>
    /// <param name="message">What was received.</param>
    /// <exception cref="IpcException">"recvmsg(length)" EMSGSIZE: the message is longer and stays; ECONNRESET: the other side closed without reading all.</exception>
    public WaitStatus Receive(MessageBuffer buffer, int maxLength, bool truncate, Waiter waiter, Deadline deadline, out ReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(waiter);
        using DescriptorLease lease = new(_descriptor);
        if (Type == UnixSocketType.Stream)
        {
            return ReceiveInto(lease.Value, buffer.Data[..Math.Min(maxLength, buffer.Capacity)], [], waiter, deadline, out message, out _);
        }

        nint found = 0;
        while (true)
        {
            WaitStatus status;
            lock (MessageGate.Shared.Gate)
            {
                status = TryTake(lease.Value, buffer, maxLength, truncate, waiter, out message);
            }

            if (status != WaitStatus.WouldBlock || deadline.IsNoWait)
            {
                return status;
            }

            if ((found & Libc.POLLRDHUP) != 0)
            {
                message = End; // datagrams know no such end, unless the own side was shut down
                return WaitStatus.Done;
            }

            status = waiter.Run(new PollCall(lease.Value, Libc.POLLIN | Libc.POLLRDHUP), deadline, out found);
            if (status != WaitStatus.Done)
            {
                return status;
            }
        }
    }

    /// <summary>Receives what is there of a stream, and nothing but data: descriptors that come with it are closed.</summary>
    /// <param name="buffer">Where the data goes.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait for data.</param>
    /// <param name="length">Bytes received; 0 at the end.</param>
    public unsafe WaitStatus Receive(Span<byte> buffer, Waiter waiter, Deadline deadline, out int length)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        using DescriptorLease lease = new(_descriptor);
        fixed (byte* bytes = buffer)
        {
            Libc.iovec part = new() { iov_base = bytes, iov_len = (nuint)buffer.Length };
            Libc.msghdr header = new() { msg_iov = &part, msg_iovlen = 1 };
            return Receive(lease.Value, &header, 0, 0, 0, waiter, deadline, out length);
        }
    }

    private static ReceivedMessage End => new() { IsEnd = true, Descriptors = [] };

    private static unsafe WaitStatus Receive(
        int descriptor, Libc.msghdr* header, int flags, uint nameLength, nuint controlLength, Waiter waiter, Deadline deadline, out int length)
    {
        while (true)
        {
            WaitStatus status = waiter.Run(new ReceiveMessageCall(descriptor, header, flags, nameLength, controlLength), deadline, out nint count);
            length = status == WaitStatus.Done ? (int)count : 0;
            if (status == WaitStatus.WouldBlock && !deadline.IsNoWait)
            {
                status = waiter.Run(new PollCall(descriptor, Libc.POLLIN), deadline, out _); // O_NONBLOCK
                if (status == WaitStatus.Done)
                {
                    continue;
                }
            }

            return status;
        }
    }

    /// <summary>Takes the next message if there is one, without waiting. To be called by one at a time.</summary>
    private unsafe WaitStatus TryTake(int descriptor, MessageBuffer buffer, int maxLength, bool truncate, Waiter waiter, out ReceivedMessage message)
    {
        message = default;
        Libc.msghdr header = default;
        WaitStatus status = Receive(descriptor, &header, Libc.MSG_PEEK | Libc.MSG_TRUNC, 0, 0, waiter, Deadline.NoWait, out int size);
        if (status != WaitStatus.Done)
        {
            return status;
        }

        if (size > maxLength && !truncate)
        {
            throw new IpcException("recvmsg(length)", Errno.EMSGSIZE);
        }

        buffer.EnsureCapacity(Math.Min(size, maxLength));
        byte[] spare = MessageGate.Shared.Spare;
        if (size == 0 && Type == UnixSocketType.SeqPacket && HasHungUp(descriptor, waiter))
        {
            return TakeLast(descriptor, buffer.Data, spare, waiter, out message);
        }

        status = ReceiveInto(descriptor, buffer.Data, spare, waiter, Deadline.NoWait, out message, out _);
        if (truncate && message.Length > maxLength)
        {
            message = message with { Length = maxLength };
        }

        int inBuffer = buffer.Capacity;
        if (message.Length > inBuffer)
        {
            byte[] beginning = buffer.Data.ToArray();
            buffer.EnsureCapacity(message.Length);
            beginning.CopyTo(buffer.Data);
            spare.AsSpan(0, message.Length - inBuffer).CopyTo(buffer.Data[inBuffer..]);
        }

        return status;
    }

    /// <summary>
    /// Takes what is left when the other side has closed: a message of 0 bytes and the end look the same to recvmsg, but only the message comes
    /// with credentials where these are asked for.
    /// </summary>
    private WaitStatus TakeLast(int descriptor, Span<byte> data, Span<byte> spare, Waiter waiter, out ReceivedMessage message)
    {
        bool passed = PassesCredentials;
        PassesCredentials = true;
        WaitStatus status;
        bool isMessage;
        try
        {
            status = ReceiveInto(descriptor, data, spare, waiter, Deadline.NoWait, out message, out isMessage);
        }
        finally
        {
            PassesCredentials = passed;
        }

        if (status == WaitStatus.Done)
        {
            message = !isMessage && message.FullLength == 0 ? End : passed ? message : message with { Credentials = null };
        }

        return status;
    }

    /// <summary>Whether the other side sends nothing any more; what it has sent may still be there.</summary>
    private static bool HasHungUp(int descriptor, Waiter waiter) =>
        waiter.Run(new PollCall(descriptor, Libc.POLLRDHUP), Deadline.NoWait, out nint found) == WaitStatus.Done && (found & Libc.POLLRDHUP) != 0;

    private unsafe WaitStatus ReceiveInto(
        int descriptor, Span<byte> data, Span<byte> more, Waiter waiter, Deadline deadline, out ReceivedMessage message, out bool hasCredentials)
    {
        byte* control = stackalloc byte[ControlCapacity];
        Libc.iovec* parts = stackalloc Libc.iovec[2];
        Libc.sockaddr_un sender = default;
        message = default;
        hasCredentials = false;
        fixed (byte* bytes = data, rest = more)
        {
            parts[0] = new Libc.iovec { iov_base = bytes, iov_len = (nuint)data.Length };
            parts[1] = new Libc.iovec { iov_base = rest, iov_len = (nuint)more.Length };
            Libc.msghdr header = new() { msg_name = &sender, msg_iov = parts, msg_iovlen = 2, msg_control = control };
            int flags = Libc.MSG_CMSG_CLOEXEC | (Type == UnixSocketType.Stream ? 0 : Libc.MSG_TRUNC);
            WaitStatus status = Receive(descriptor, &header, flags, (uint)sizeof(Libc.sockaddr_un), ControlCapacity, waiter, deadline, out int length);
            if (status != WaitStatus.Done)
            {
                return status;
            }

            List<SafeDescriptor>? descriptors = null;
            SocketCredentials? credentials = null;
            hasCredentials = ReadControl(control, header.msg_controllen, ref descriptors, ref credentials);
            bool lost = (header.msg_flags & Libc.MSG_CTRUNC) != 0;
            if (lost)
            {
                descriptors?.ForEach(one => one.Dispose());
                descriptors = null;
            }

            message = new ReceivedMessage
            {
                IsEnd = length == 0 && Type == UnixSocketType.Stream,
                IsOfStream = Type == UnixSocketType.Stream,
                Length = Math.Min(length, data.Length + more.Length),
                FullLength = length,
                Descriptors = descriptors?.ToArray() ?? [],
                LostDescriptors = lost,
                Sender = UnixAddress.Read(sender, header.msg_namelen),
                Credentials = credentials,
            };
            return status;
        }
    }

    /// <summary>Takes what came beside the data into ownership; whether there were credentials, be it of nobody.</summary>
    private static unsafe bool ReadControl(byte* control, nuint length, ref List<SafeDescriptor>? descriptors, ref SocketCredentials? credentials)
    {
        bool hasCredentials = false;
        for (nuint at = 0; at + HeaderLength <= length;)
        {
            Libc.cmsghdr header = *(Libc.cmsghdr*)(control + at);
            if (header.cmsg_len < HeaderLength || at + header.cmsg_len > length)
            {
                break;
            }

            byte* data = control + at + HeaderLength;
            if (header is { cmsg_level: Libc.SOL_SOCKET, cmsg_type: Libc.SCM_RIGHTS })
            {
                int count = (int)(header.cmsg_len - HeaderLength) / sizeof(int);
                descriptors ??= new List<SafeDescriptor>(count);
                for (int i = 0; i < count; i++)
                {
                    descriptors.Add(new SafeDescriptor(((int*)data)[i]));
                }
            }
            else if (header is { cmsg_level: Libc.SOL_SOCKET, cmsg_type: Libc.SCM_PIDFD } && header.cmsg_len >= HeaderLength + sizeof(int))
            {
                new SafeDescriptor(*(int*)data).Dispose(); // others have asked for it (SO_PASSPIDFD); nobody here knows it
            }
            else if (header is { cmsg_level: Libc.SOL_SOCKET, cmsg_type: Libc.SCM_CREDENTIALS } && header.cmsg_len >= HeaderLength + (nuint)sizeof(Libc.ucred))
            {
                hasCredentials = true;
                Libc.ucred sender = *(Libc.ucred*)data;
                credentials = sender is { pid: 0, uid: OverflowId } ? null : CredentialsOf(sender);
            }

            at += (header.cmsg_len + 7) & ~(nuint)7;
        }

        return hasCredentials;
    }
}
