using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Sockets;

/// <content>Sending: sendmsg(2).</content>
public sealed partial class LocalSocket
{
    /// <summary>Descriptors that one message may carry: SCM_MAX_FD of the kernel.</summary>
    public const int MaxDescriptors = 253;

    private const int HeaderLength = 16; // of a control message

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
        LocalSocket? addressee = null;
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
                        status = WaitForRoom(lease.Value, to, ref addressee, waiter, deadline); // O_NONBLOCK
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
            addressee?.Dispose();
            for (int i = 0; i < held; i++)
            {
                descriptors[i].DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Waits for room. poll knows of the own buffer and of that of the socket one is connected to; where a datagram goes to another, a socket
    /// that is connected to that one is asked.
    /// </summary>
    private WaitStatus WaitForRoom(int descriptor, UnixAddress? to, ref LocalSocket? addressee, Waiter waiter, Deadline deadline)
    {
        WaitStatus status = waiter.Run(new PollCall(descriptor, Libc.POLLOUT), deadline, out _);
        if (status != WaitStatus.Done || to is null)
        {
            return status;
        }

        if (addressee is null)
        {
            addressee = Create(Type);
            try
            {
                status = addressee.Connect(to, waiter, Deadline.NoWait);
            }
            catch (IpcException e) when (e.Errno == Errno.EPERM)
            {
                return WaitStatus.Done; // it is connected to this very socket, whose datagrams it takes however many there are
            }

            if (status != WaitStatus.Done)
            {
                return status;
            }
        }

        using DescriptorLease lease = new(addressee._descriptor);
        return waiter.Run(new PollCall(lease.Value, Libc.POLLOUT), deadline, out _);
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
}
