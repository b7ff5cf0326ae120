using System;
using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Sockets;
using PsIpc.Native.Streams;

namespace PsIpc;

/// <summary>
/// A Unix socket that this process has open: an end of a connection, a listener, or one that receives datagrams; see unix(7). One that is bound to
/// a name is kept by its runspace until it is closed or the runspace ends; another that is forgotten is closed by the garbage collector.
/// </summary>
public sealed class UnixSocketHandle : StreamHandle, Columns.IUnixSocketHandle
{
    internal UnixSocketHandle(SafeDescriptor descriptor)
        : this(descriptor, input: null, new ReturnedMessages())
    {
    }

    private UnixSocketHandle(SafeDescriptor descriptor, StreamInput? input, ReturnedMessages returned)
        : base(descriptor, input) => Returned = returned;

    /// <summary>Stream, Datagram or SeqPacket.</summary>
    public string SocketType { get; internal set; } = "";

    /// <summary>Listening, Connected, Bound (to a name, for datagrams) or Unconnected, as it was when it was made or received; Closed.</summary>
    public string State
    {
        get => IsClosed ? "Closed" : field;
        internal set;
    }

    = "";

    /// <summary>What it is bound to: a path, or an abstract name behind an @; null of one without name.</summary>
    public string? Name { get; internal set; }

    /// <summary>What the other side is bound to; null when it has no name, or there is none.</summary>
    public string? PeerName { get; internal set; }

    /// <summary>The process at the other side, as of when the connection was made; null when there is none, or it may not be seen from here.</summary>
    public int? PeerProcessId { get; internal set; }

    /// <summary>Its user's number.</summary>
    public uint? PeerUserId { get; internal set; }

    /// <summary>Its group's number.</summary>
    public uint? PeerGroupId { get; internal set; }

    string Columns.IUnixSocketHandle.PeerText => PeerText;

    string Columns.IUnixSocketHandle.OwnNameText => Visible.Of(Name);

    internal override string StreamName => ToString();

    internal override string HandleText => "UnixSocket";

    internal override string StateText => $"{SocketType} {State}";

    internal override string NameText => Name is not null ? Visible.Of(Name) : PeerText.Length > 0 ? "to " + PeerText : "";

    /// <summary>How it is closed, when more is to be done than to close the descriptor.</summary>
    internal Action? Release { get; set; }

    /// <summary>The file that it is bound to, where that goes with it.</summary>
    internal SocketFile? File { get; set; }

    /// <summary>Messages that were taken in the very moment in which the pipeline was stopped; copies of a handle share them.</summary>
    internal ReturnedMessages Returned { get; }

    private string PeerText => PeerProcessId is { } pid ? string.Create(CultureInfo.InvariantCulture, $"{Visible.Of(PeerName ?? "pid")} ({pid})") : Visible.Of(PeerName);

    /// <summary>Kind, state and name.</summary>
    public override string ToString()
    {
        string text = $"{SocketType} socket";
        return Name is not null ? $"{text} {Name}" : PeerName is not null ? $"{text} to {PeerName}"
            : string.Create(CultureInfo.InvariantCulture, $"{text} {(Descriptor is { } number ? number : "(closed)")}");
    }

    internal override DescriptorHandle? Of(SafeDescriptor copy) => new UnixSocketHandle(copy, Input, Returned)
    {
        SocketType = SocketType,
        State = State,
        Name = Name,
        PeerName = PeerName,
        PeerProcessId = PeerProcessId,
        PeerUserId = PeerUserId,
        PeerGroupId = PeerGroupId,
    };

    /// <inheritdoc/>
    private protected override void Close()
    {
        if (!IsClosed && Release is { } release)
        {
            release();
        }

        base.Close();
    }
}
