using System;
using System.Collections.Generic;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Sockets;

/// <content>Sending and receiving: sendmsg(2), recvmsg(2).</content>
public sealed partial class LocalSocket
{
    /// <summary>Descriptors that one message may carry: SCM_MAX_FD of the kernel.</summary>
    public const int MaxDescriptors = 253;

    private const int HeaderLength = 16; // of a control message
    private const int ControlCapacity = HeaderLength + ((MaxDescriptors * sizeof(int)) + 7 & ~7) + HeaderLength + 16; // descriptors and credentials

    /// <summary>Sends data, all of it; in a stream, what the receiver's buffer has no room for at once is sent as room comes.</summary>
    /// <param name="data">The data.</param>
    /// <param name="waiter">Cancels the wait for room.</param>
    /// <param name="deadline">How long to wait for room.</param>
    /// <param name="sent">Bytes that were sent; only in a stream this may be more than 0 when it was not done.</param>
    /// <exception cref="IpcException">EPIPE, ECONNRESET, ECONNREFUSED: nobody is there any more; EMSGSIZE: more than the socket's buffer.</exception>
    public WaitStatus Send(ReadOnlySpan<byte> data, Waiter waiter, Deadline deadline, out int sent) =>
        Send(data, [], null, waiter, deadline, out sent);

    /// <summary>Sends data, with descriptors, to an address.</summary>
    /// <param name="data">The data; in a stream at least a byte where there are descriptors.</param>
    /// <param name="descriptors">What is handed over: 253 at most. The receiver gets descriptors of its own.</param>
    /// <param name="to">Where a datagram goes; null for whom the socket is connected to.</param>
    /// <param name="waiter">Cancels the wait for room.</param>
    /// <param name="deadline">How long to wait for room.</param>
    /// <param name="sent">Bytes that were sent; only in a stream this may be more than 0 when it was not done.</param>
    /// <exception cref="IpcException">As above; "sendmsg(SCM_MAX_FD)" EINVAL: too many descriptors; ETOOMANYREFS: too many are on their way.</exception>
    public unsafe WaitStatus Send(
        ReadOnlySpan<byte> data, ReadOnlySpan<SafeDescriptor> descriptors, UnixAddress? to, Waiter waiter, Deadline deadline, out int sent)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        sent = 0;
        if (descriptors.Length > MaxDescriptors)
        {
            throw new IpcException("sendmsg(SCM_MAX_FD)", Errno.EINVAL);
        }

        if (Type == UnixSocketType.Stream && data.IsEmpty)
        {
            return descriptors.IsEmpty ? WaitStatus.Done : throw new IpcException("sendmsg(SCM_RIGHTS)", Errno.EINVAL);
        }

        byte* control = stackalloc byte[descriptors.IsEmpty ? 0 : HeaderLength + (MaxDescriptors * sizeof(int)) + sizeof(int)];
        Libc.msghdr message = default;
        int held = 0;
        using SocketDestination destination = to is null ? default : new(to, "sendmsg");
        Libc.sockaddr_un name = destination.Address;
        try
        {
            if (to is not null)
            {
                message.msg_name = &name;
                message.msg_namelen = destination.Length;
            }

            if (!descriptors.IsEmpty)
            {
                message.msg_control = control;
                message.msg_controllen = WriteRights(control, descriptors, ref held);
            }

            using DescriptorLease lease = new(_descriptor);
            fixed (byte* bytes = data)
            {
                Libc.iovec part = default;
                message.msg_iov = &part;
                message.msg_iovlen = 1;
                while (true)
                {
                    part.iov_base = bytes + sent;
                    part.iov_len = (nuint)(data.Length - sent);
                    WaitStatus status = waiter.Run(new SendMessageCall(lease.Value, &message), deadline, out nint count);
                    if (status == WaitStatus.WouldBlock && !deadline.IsNoWait)
                    {
                        status = waiter.Run(new PollCall(lease.Value, Libc.POLLOUT), deadline, out _); // O_NONBLOCK
                        if (status == WaitStatus.Done)
                        {
                            continue;
                        }
                    }

                    if (status != WaitStatus.Done)
                    {
                        return status;
                    }

                    sent += (int)count;
                    if (sent == data.Length)
                    {
                        return status;
                    }

                    message.msg_control = null; // the descriptors went with the first part
                    message.msg_controllen = 0;
                }
            }
        }
        finally
        {
            for (int i = 0; i < held; i++)
            {
                descriptors[i].DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Receives a message, or from a stream what is there. Nothing is cut unless asked: a longer one stays where it is, and is an error.
    /// </summary>
    /// <param name="buffer">Where the data goes; it grows as far as it must.</param>
    /// <param name="maxLength">Bytes that are accepted; from a stream, never more are taken than the buffer holds.</param>
    /// <param name="truncate">Whether a longer message is cut.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait for a message.</param>
    /// <param name="message">What was received.</param>
    /// <exception cref="IpcException">"recvmsg(length)" EMSGSIZE: the message is longer and stays; ECONNRESET: the other side closed without reading all.</exception>
    public unsafe WaitStatus Receive(MessageBuffer buffer, int maxLength, bool truncate, Waiter waiter, Deadline deadline, out ReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(waiter);
        message = default;
        using DescriptorLease lease = new(_descriptor);
        while (true)
        {
            int length = Math.Min(maxLength, buffer.Capacity);
            Deadline rest = deadline;
            if (Type != UnixSocketType.Stream)
            {
                Libc.msghdr header = default;
                WaitStatus peeked = Receive(lease.Value, &header, Libc.MSG_PEEK | Libc.MSG_TRUNC, 0, 0, waiter, deadline, out int size);
                if (peeked != WaitStatus.Done)
                {
                    return peeked;
                }

                if (size == 0 && Type == UnixSocketType.SeqPacket && IsAtEnd(lease.Value))
                {
                    message = new ReceivedMessage { IsEnd = true, Descriptors = [] };
                    return WaitStatus.Done;
                }

                if (size > maxLength && !truncate)
                {
                    throw new IpcException("recvmsg(length)", Errno.EMSGSIZE);
                }

                length = Math.Min(size, maxLength);
                buffer.EnsureCapacity(length);
                length = Math.Min(maxLength, buffer.Capacity); // whatever fits, should another have taken the one that was seen
                rest = Deadline.NoWait;
            }

            WaitStatus status = ReceiveInto(lease.Value, buffer.Data[..length], waiter, rest, out message);
            if (status == WaitStatus.WouldBlock && rest.IsNoWait && !deadline.IsNoWait)
            {
                continue; // another has taken it
            }

            return status;
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

    private unsafe WaitStatus ReceiveInto(int descriptor, Span<byte> data, Waiter waiter, Deadline deadline, out ReceivedMessage message)
    {
        byte* control = stackalloc byte[ControlCapacity];
        Libc.sockaddr_un sender = default;
        message = default;
        fixed (byte* bytes = data)
        {
            Libc.iovec part = new() { iov_base = bytes, iov_len = (nuint)data.Length };
            Libc.msghdr header = new() { msg_name = &sender, msg_iov = &part, msg_iovlen = 1, msg_control = control };
            int flags = Libc.MSG_CMSG_CLOEXEC | (Type == UnixSocketType.Stream ? 0 : Libc.MSG_TRUNC);
            WaitStatus status = Receive(descriptor, &header, flags, (uint)sizeof(Libc.sockaddr_un), ControlCapacity, waiter, deadline, out int length);
            if (status != WaitStatus.Done)
            {
                return status;
            }

            List<SafeDescriptor>? descriptors = null;
            SocketCredentials? credentials = null;
            ReadControl(control, header.msg_controllen, ref descriptors, ref credentials);
            bool lost = (header.msg_flags & Libc.MSG_CTRUNC) != 0;
            if (lost)
            {
                descriptors?.ForEach(one => one.Dispose());
                descriptors = null;
            }

            message = new ReceivedMessage
            {
                IsEnd = length == 0 && Type == UnixSocketType.Stream,
                Length = Math.Min(length, data.Length),
                FullLength = length,
                Descriptors = descriptors?.ToArray() ?? [],
                LostDescriptors = lost,
                Sender = UnixAddress.Read(sender, header.msg_namelen),
                Credentials = credentials,
            };
            return status;
        }
    }

    /// <summary>
    /// Whether nothing will come any more. A message of 0 bytes looks the same to recvmsg, but comes with credentials where these are
    /// asked for.
    /// </summary>
    private unsafe bool IsAtEnd(int descriptor)
    {
        bool passed = PassesCredentials;
        PassesCredentials = true;
        byte* control = stackalloc byte[ControlCapacity];
        Libc.msghdr header = new() { msg_control = control, msg_controllen = ControlCapacity };
        nint result = Libc.recvmsg(descriptor, &header, Libc.MSG_PEEK | Libc.MSG_DONTWAIT | Libc.MSG_CMSG_CLOEXEC);
        List<SafeDescriptor>? descriptors = null;
        SocketCredentials? credentials = null;
        bool isMessage = result > 0;
        if (result == 0)
        {
            isMessage = ReadControl(control, header.msg_controllen, ref descriptors, ref credentials);
            descriptors?.ForEach(one => one.Dispose()); // a look gives descriptors of its own
        }

        PassesCredentials = passed;
        return !isMessage;
    }

    private static unsafe nuint WriteRights(byte* control, ReadOnlySpan<SafeDescriptor> descriptors, ref int held)
    {
        int* numbers = (int*)(control + HeaderLength);
        for (; held < descriptors.Length; held++)
        {
            bool added = false;
            descriptors[held].DangerousAddRef(ref added);
            numbers[held] = (int)descriptors[held].DangerousGetHandle();
        }

        nuint length = (nuint)(HeaderLength + (descriptors.Length * sizeof(int)));
        *(Libc.cmsghdr*)control = new Libc.cmsghdr { cmsg_len = length, cmsg_level = Libc.SOL_SOCKET, cmsg_type = Libc.SCM_RIGHTS };
        return (length + 7) & ~(nuint)7;
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

    /// <summary>What the kernel says of a message that was sent before anybody asked for credentials: nobody.</summary>
    private const uint OverflowId = 65534;
}
