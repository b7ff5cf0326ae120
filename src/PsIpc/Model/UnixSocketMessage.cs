using System.Text;

namespace PsIpc;

/// <summary>A message from a Unix socket, or from a stream what was there of it; see recvmsg(2).</summary>
public sealed class UnixSocketMessage : IpcMessage, Columns.IUnixSocketMessage
{
    internal UnixSocketMessage(byte[] bytes, Encoding encoding)
        : base(bytes, encoding) => FullLength = bytes.Length;

    /// <summary>How many bytes were sent: more than Length where -Truncate cut it.</summary>
    public int FullLength { get; internal set; }

    /// <summary>What the sender of a datagram is bound to, for Send-UnixSocketMessage -To; null of one without name, and in a connection.</summary>
    public string? SenderName { get; internal set; }

    /// <summary>The process that sent it, as the kernel vouches for it; null where the socket does not pass credentials.</summary>
    public int? SenderProcessId { get; internal set; }

    /// <summary>Its user's number.</summary>
    public uint? SenderUserId { get; internal set; }

    /// <summary>Its group's number.</summary>
    public uint? SenderGroupId { get; internal set; }

    /// <summary>The descriptors that came with it. Close those that are not needed.</summary>
    public IpcHandle[] Handles { get; internal set; } = [];

    string Columns.IUnixSocketMessage.SenderText => Visible.Of(SenderName);

    int Columns.IUnixSocketMessage.HandleCount => Handles.Length;
}
