using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Sockets;

/// <summary>A Unix socket that this process has open: unix(7). Its calls wait by a <see cref="Waiter"/>, whatever its own O_NONBLOCK says.</summary>
public sealed partial class LocalSocket : IDisposable
{
    private readonly SafeDescriptor _descriptor;

    private LocalSocket(SafeDescriptor descriptor, UnixSocketType type) => (_descriptor, Type) = (descriptor, type);

    /// <summary>How it carries data.</summary>
    public UnixSocketType Type { get; }

    /// <summary>Its descriptor.</summary>
    public SafeDescriptor Descriptor => _descriptor;

    /// <summary>Whether it accepts connections.</summary>
    public bool IsListening => GetOption(Libc.SO_ACCEPTCONN, "getsockopt(SO_ACCEPTCONN)") != 0;

    /// <summary>Whether messages come with the credentials of who sent them: SO_PASSCRED. Those sent before it was set come without.</summary>
    public unsafe bool PassesCredentials
    {
        get => GetOption(Libc.SO_PASSCRED, "getsockopt(SO_PASSCRED)") != 0;
        set
        {
            int number = value ? 1 : 0;
            _ = IpcException.Check(Libc.setsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_PASSCRED, &number, sizeof(int)), "setsockopt(SO_PASSCRED)");
        }
    }

    /// <summary>Bytes that may be on their way from it, with the kernel's own: the limit for one message as well. SO_SNDBUF.</summary>
    public int SendBuffer => GetOption(Libc.SO_SNDBUF, "getsockopt(SO_SNDBUF)");

    /// <summary>What it is bound to; null of one without name.</summary>
    public unsafe UnixAddress? LocalAddress
    {
        get
        {
            Libc.sockaddr_un address = default;
            uint length = (uint)sizeof(Libc.sockaddr_un);
            _ = IpcException.Check(Libc.getsockname(_descriptor, &address, &length), "getsockname");
            return UnixAddress.Read(address, length);
        }
    }

    /// <summary>Whether it is connected.</summary>
    public bool IsConnected => TryGetPeer(out _);

    /// <summary>What the other side is bound to; null when it has no name, or there is no other side.</summary>
    public UnixAddress? PeerAddress => TryGetPeer(out UnixAddress? address) ? address : null;

    /// <summary>
    /// Who connected to it, or listened where it connected to, as of that moment: SO_PEERCRED. Null of a socket without connection.
    /// </summary>
    public unsafe SocketCredentials? PeerCredentials
    {
        get
        {
            Libc.ucred credentials = default;
            uint length = (uint)sizeof(Libc.ucred);
            _ = IpcException.Check(Libc.getsockopt(_descriptor, Libc.SOL_SOCKET, Libc.SO_PEERCRED, &credentials, &length), "getsockopt(SO_PEERCRED)");
            return credentials.uid == uint.MaxValue ? null : CredentialsOf(credentials);
        }
    }

    /// <summary>Makes a socket.</summary>
    /// <param name="type">How it carries data.</param>
    /// <exception cref="IpcException">EMFILE, ENFILE.</exception>
    public static LocalSocket Create(UnixSocketType type) =>
        new(SafeDescriptor.Checked(Libc.socket(Libc.AF_UNIX, (int)type | Libc.SOCK_CLOEXEC, 0), "socket"), type);

    /// <summary>Makes two sockets that are connected to each other: socketpair(2).</summary>
    /// <param name="type">How they carry data.</param>
    /// <exception cref="IpcException">EMFILE, ENFILE.</exception>
    public static unsafe (LocalSocket First, LocalSocket Second) CreatePair(UnixSocketType type)
    {
        int* numbers = stackalloc int[2];
        _ = IpcException.Check(Libc.socketpair(Libc.AF_UNIX, (int)type | Libc.SOCK_CLOEXEC, 0, numbers), "socketpair");
        return (new LocalSocket(new SafeDescriptor(numbers[0]), type), new LocalSocket(new SafeDescriptor(numbers[1]), type));
    }

    /// <summary>Takes a socket that somebody else made; it owns the descriptor from now on.</summary>
    /// <param name="descriptor">Its descriptor.</param>
    /// <exception cref="IpcException">ENOTSOCK: it is no socket; EAFNOSUPPORT: it is none of Unix. The descriptor stays open.</exception>
    public static LocalSocket Adopt(SafeDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (GetOption(descriptor, Libc.SO_DOMAIN, "getsockopt(SO_DOMAIN)") != Libc.AF_UNIX)
        {
            throw new IpcException("getsockopt(SO_DOMAIN)", Errno.EAFNOSUPPORT);
        }

        return new LocalSocket(descriptor, (UnixSocketType)GetOption(descriptor, Libc.SO_TYPE, "getsockopt(SO_TYPE)"));
    }

    /// <summary>Gives it a name that nobody else has, so that whoever it sends to can answer: autobind, unix(7).</summary>
    /// <exception cref="IpcException">ENOSPC: there is none left.</exception>
    public unsafe void BindToAnyName()
    {
        Libc.sockaddr_un address = default;
        address.sun_family = Libc.AF_UNIX;
        _ = IpcException.Check(Libc.bind(_descriptor, &address, sizeof(ushort)), "bind(autobind)");
    }

    /// <summary>Lets others connect: listen(2).</summary>
    /// <param name="backlog">How many connections may wait to be accepted; the kernel takes net.core.somaxconn at most.</param>
    public void Listen(int backlog) => _ = IpcException.Check(Libc.listen(_descriptor, backlog), "listen");

    /// <summary>Takes the next connection: accept4(2).</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait for one.</param>
    /// <param name="connection">The connection; null unless done.</param>
    /// <exception cref="IpcException">EINVAL: it does not listen; EMFILE: the connection goes on waiting.</exception>
    public WaitStatus Accept(Waiter waiter, Deadline deadline, out LocalSocket? connection)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        connection = null;
        using DescriptorLease lease = new(_descriptor);
        while (true)
        {
            WaitStatus status;
            nint accepted = 0;
            if (deadline.IsInfinite)
            {
                status = waiter.Run(new AcceptCall(lease.Value), deadline, out accepted);
            }
            else
            {
                // Another process may take the connection that poll has seen, and the socket may be in blocking mode, which
                // is not ours to change: it is theirs, too. So the call is made under a short deadline of its own.
                status = waiter.Run(new PollCall(lease.Value, Libc.POLLIN), deadline, out _);
                if (status == WaitStatus.Done)
                {
                    status = waiter.Run(new AcceptCall(lease.Value), Deadline.After(TimeSpan.FromMilliseconds(1)), out accepted);
                    if (status is WaitStatus.TimedOut or WaitStatus.WouldBlock)
                    {
                        continue;
                    }
                }
            }

            if (status == WaitStatus.WouldBlock && deadline.IsInfinite)
            {
                status = waiter.Run(new PollCall(lease.Value, Libc.POLLIN), deadline, out _); // O_NONBLOCK
                if (status == WaitStatus.Done)
                {
                    continue;
                }
            }

            if (status == WaitStatus.Done)
            {
                connection = new LocalSocket(new SafeDescriptor((int)accepted), Type);
            }

            return status;
        }
    }

    /// <summary>Connects to a listener, or sets where datagrams go: connect(2).</summary>
    /// <param name="address">Where to.</param>
    /// <param name="waiter">Cancels the wait for a place in the listener's backlog.</param>
    /// <param name="deadline">How long to wait for one.</param>
    /// <exception cref="IpcException">ENOENT: no such name; ECONNREFUSED: nobody listens; EPROTOTYPE: its type differs; EACCES: no permission.</exception>
    public unsafe WaitStatus Connect(UnixAddress address, Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(waiter);
        using SocketDestination destination = new(address, "connect");
        Libc.sockaddr_un name = destination.Address;
        using DescriptorLease lease = new(_descriptor);
        WaitStatus status = waiter.Run(new ConnectCall(lease.Value, &name, destination.Length), deadline, out _);
        _ = Libc.fcntl(_descriptor, Libc.F_SETFL, 0); // it is ours alone until now
        return status;
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private static SocketCredentials CredentialsOf(in Libc.ucred credentials) =>
        new(credentials.pid == 0 ? null : credentials.pid, credentials.uid, credentials.gid);

    private static unsafe int GetOption(SafeDescriptor descriptor, int option, string call)
    {
        int value = 0;
        uint length = sizeof(int);
        _ = IpcException.Check(Libc.getsockopt(descriptor, Libc.SOL_SOCKET, option, &value, &length), call);
        return value;
    }

    private int GetOption(int option, string call) => GetOption(_descriptor, option, call);

    private unsafe bool TryGetPeer(out UnixAddress? peer)
    {
        Libc.sockaddr_un address = default;
        uint length = (uint)sizeof(Libc.sockaddr_un);
        peer = null;
        if (Libc.getpeername(_descriptor, &address, &length) == 0)
        {
            peer = UnixAddress.Read(address, length);
            return true;
        }

        // EINVAL: of a listener, or one whose other side is gone
        return Libc.LastErrno is Errno.ENOTCONN or Errno.EINVAL ? false : throw IpcException.Last("getpeername");
    }
}
