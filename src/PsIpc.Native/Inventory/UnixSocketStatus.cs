namespace PsIpc.Native.Inventory;

/// <summary>A Unix socket as the kernel's table describes it; see unix(7), sock_diag(7).</summary>
public sealed record UnixSocketStatus
{
    /// <summary>Its inode, which descriptors show as well.</summary>
    public required ulong Inode { get; init; }

    /// <summary>SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET.</summary>
    public required int Type { get; init; }

    /// <summary>What it does.</summary>
    public required UnixSocketState State { get; init; }

    /// <summary>What it is bound to: a path as its program gave it, an abstract name behind an @; null of an unnamed one.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the name is abstract, and no path.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>Whether the name holds NULs, which are written as @; where the kernel does not tell them apart, whether it may.</summary>
    public bool HoldsNul { get; init; }

    /// <summary>Device of the file it is bound to; null when there is none, or when the kernel does not tell.</summary>
    public ulong? FileDevice { get; init; }

    /// <summary>The lower 32 bits of the inode of the file it is bound to.</summary>
    public uint? FileInode { get; init; }

    /// <summary>The inode of the socket it is connected to; null when it is not, or when the kernel does not tell.</summary>
    public ulong? PeerInode { get; init; }

    /// <summary>Bytes that wait to be read; of a listener, connections that wait to be accepted.</summary>
    public long? ReceiveQueue { get; init; }

    /// <summary>Bytes that were sent and not read yet; of a listener, connections that may wait (its backlog).</summary>
    public long? SendQueue { get; init; }

    /// <summary>Who made it; null when the kernel does not tell (before Linux 5.3).</summary>
    public uint? Uid { get; init; }
}

/// <summary>What a Unix socket does.</summary>
public enum UnixSocketState
{
    /// <summary>Neither connected nor listening: a datagram socket most often.</summary>
    Unconnected,

    /// <summary>Connected.</summary>
    Connected,

    /// <summary>Accepting connections.</summary>
    Listening,
}
