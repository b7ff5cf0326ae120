namespace PsIpc.Native.Sockets;

/// <summary>How a Unix socket carries data; see unix(7).</summary>
public enum UnixSocketType
{
    /// <summary>A stream of bytes over a connection, without boundaries: SOCK_STREAM.</summary>
    Stream = 1,

    /// <summary>Messages without a connection: SOCK_DGRAM. None is lost or overtaken by another.</summary>
    Datagram = 2,

    /// <summary>Messages over a connection: SOCK_SEQPACKET.</summary>
    SeqPacket = 5,
}
