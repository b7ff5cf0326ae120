using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc;

/// <summary>A Unix socket, or a socket's file that no socket is bound to any more; see unix(7).</summary>
public sealed class UnixSocket : IpcObject, Columns.IUnixSocket
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.UnixSocket);

    /// <summary>The path it is bound to, as its program gave it; null of an abstract or unnamed one.</summary>
    public string? Path { get; internal set; }

    /// <summary>Whether its name is abstract, and no file.</summary>
    public bool IsAbstract { get; internal set; }

    /// <summary>Stream, Datagram or SeqPacket; empty of a file without socket.</summary>
    public string SocketType { get; internal set; } = "";

    /// <summary>Listening, Connected or Unconnected; Stale of a file without socket, Unknown of one whose socket cannot be seen.</summary>
    public string State { get; internal set; } = "";

    /// <summary>The device of its file; null where it has none, or the path does not lead to it from here.</summary>
    public ulong? FileDevice { get; internal set; }

    /// <summary>The inode of its file; null where it has none, or the path does not lead to it from here.</summary>
    public ulong? FileInode { get; internal set; }

    /// <summary>The inode of the socket it is connected to; null when it is not.</summary>
    public ulong? PeerInode { get; internal set; }

    /// <summary>What the socket that it is connected to is called.</summary>
    public string? PeerName { get; internal set; }

    /// <summary>Who has the socket open that it is connected to; null when nobody looked.</summary>
    public IpcHolder[]? Peers { get; internal set; }

    /// <summary>Bytes that wait to be read; of a listener, connections that wait to be accepted.</summary>
    public long? ReceiveQueue { get; internal set; }

    /// <summary>Bytes that were sent and not read yet; of a listener, connections that may wait.</summary>
    public long? SendQueue { get; internal set; }

    /// <summary>Nothing is recorded.</summary>
    public override DateTime? LastActivity => null;

    string Columns.IUnixSocket.ProcessesText => TextOf(Holders);

    string Columns.IUnixSocket.PeerText => PeerText;

    /// <summary>Whether its abstract name holds NULs, which are shown as @, or may do so.</summary>
    internal bool HoldsNul { get; set; }

    internal override string IdText => "";

    internal override string Summary => string.Join(' ', ((string[])[SocketType, State, PeerText.Length > 0 ? "to " + PeerText : ""]).Where(part => part.Length > 0));

    internal override IEnumerable<int> ProcessIds => Peers?.Select(one => one.ProcessId) ?? [];

    private string PeerText => TextOf(Peers) is { Length: > 0 } processes ? processes
        : PeerInode is { } inode ? string.Create(CultureInfo.InvariantCulture, $"[{inode}]") : "";

    private static string TextOf(IpcHolder[]? holders) => holders is null ? ""
        : string.Join(' ', holders.DistinctBy(one => one.ProcessId).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ProcessText}({one.ProcessId})")));
}
