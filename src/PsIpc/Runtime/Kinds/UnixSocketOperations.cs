using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>Unix sockets: those of the network namespace, and files that a path leads to, with or without a socket behind them.</summary>
internal sealed class UnixSocketOperations : FileObjectOperations
{
    private const string Stale = "Stale";

    internal override IpcKind Kind => IpcKind.UnixSocket;

    internal override string DisplayName => "Unix socket";

    internal override bool IsListedUnasked => false;

    internal override bool KnowsHolders => true;

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            .. WatchedProperty.Ownership,
            new("State", one => ((UnixSocket)one).State),
            new("PeerInode", one => ((UnixSocket)one).PeerInode),
        ];

    /// <summary>They are those of its file.</summary>
    internal override bool HasOwner(IpcObject subject) => subject is UnixSocket { FileInode: not null };

    private protected override string RemovalCall => "unlink(socket)";

    internal override string? RefusalToRemove(IpcObject subject) => subject is not UnixSocket { Path: not null } socket ? "SocketWithoutFile"
        : socket.FileInode is null ? "SocketFileGone"
        : socket.Inode is not null ? "SocketInUse"
        : null;

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        context.Prepare(Kind);
        foreach (UnixSocketStatus status in context.Sockets)
        {
            yield return Describe(context, status);
        }
    }

    /// <summary>By a path, who is bound to the file there, a listener first, else the file; by @name an abstract one; by socket:[inode] any.</summary>
    internal override IpcObject? FindByName(InventoryContext context, string name)
    {
        if (name is not ['/', ..])
        {
            return Enumerate(context).Where(one => one.Name == name).OrderBy(one => ((UnixSocket)one).State == "Listening" ? 0 : 1).FirstOrDefault();
        }

        using FileObject? file = TryOpen(name);
        return file is { Type: FileObjectType.Socket } ? Describe(context, file, name) : null;
    }

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record)
    {
        UnixSocket socket = (UnixSocket)record;
        return socket is { Path: not null, FileInode: not null } && Find(context, socket) is { } found ? found
            : Enumerate(context).FirstOrDefault(one => IsSame(record, one));
    }

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first is UnixSocket one && second is UnixSocket other
        && (one.Inode is not null ? one.Inode == other.Inode : one.FileDevice == other.FileDevice && one.FileInode == other.FileInode && one.Path == other.Path);

    private protected override string PathOf(IpcObject subject) => ((UnixSocket)subject).Path ?? "";

    private protected override (ulong, ulong) IdentityOf(IpcObject subject) =>
        subject is UnixSocket socket ? (socket.FileDevice ?? 0, socket.FileInode ?? 0) : default;

    private protected override void CheckBeforeRemoval(FileObject file)
    {
        switch (UnixSocketProbe.IsBound(file))
        {
            case true:
                throw new IpcException("unlink(socket bound)", Errno.EBUSY);
            case null:
                throw new IpcException("connect(socket)", Errno.EACCES);
            default:
                break;
        }
    }

    /// <summary>The record of a socket's file, and of whoever is bound to it.</summary>
    internal static UnixSocket Describe(InventoryContext context, FileObject file, string path)
    {
        context.Prepare(IpcKind.UnixSocket);
        UnixSocketStatus? bound = context.SocketTable.BoundTo(file).OrderBy(Rank).FirstOrDefault();
        if (bound is not null)
        {
            UnixSocket live = Describe(context, bound);
            (live.Name, live.Path) = (path, path);
            WithFile(context, live, file);
            return live;
        }

        bool? isBound = UnixSocketProbe.IsBound(file);
        UnixSocket socket = new()
        {
            Name = path,
            Path = path,
            State = isBound == false ? Stale : "Unknown",
            OrphanState = isBound switch { false => OrphanStates.Yes, true => OrphanStates.No, _ => OrphanStates.Unknown },
        };
        WithFile(context, socket, file);
        return Seen(socket, context);
    }

    private static UnixSocket? Find(InventoryContext context, UnixSocket record)
    {
        // A socket is in the table whether its file can be looked at or not; one that nobody is bound to is nothing but its file.
        using FileObject? file = record.Inode is null ? TryOpen(record.Path!) : TryLook(record.Path!);
        return file is { Type: FileObjectType.Socket } && file.Identity == (record.FileDevice ?? 0, record.FileInode ?? 0)
            && Describe(context, file, record.Path!) is var now && (record.Inode is null || now.Inode == record.Inode)
            ? now
            : null;
    }

    internal static int Rank(UnixSocketStatus socket) => socket.State == UnixSocketState.Listening ? 0 : socket.State == UnixSocketState.Unconnected ? 1 : 2;

    private static UnixSocket Describe(InventoryContext context, UnixSocketStatus status)
    {
        SocketTable table = context.SocketTable;
        UnixSocket socket = new()
        {
            Name = status.Name ?? string.Create(CultureInfo.InvariantCulture, $"socket:[{status.Inode}]"),
            Path = status.IsAbstract ? null : status.Name,
            IsAbstract = status.IsAbstract,
            HoldsNul = status.HoldsNul,
            SocketType = status.Type switch { 1 => "Stream", 2 => "Datagram", 5 => "SeqPacket", _ => "" },
            State = status.State.ToString(),
            Inode = status.Inode,
            PeerInode = status.PeerInode,
            PeerName = status.PeerInode is { } peer ? table.NameOf(peer) : null,
            ReceiveQueue = status.ReceiveQueue,
            SendQueue = status.SendQueue,
            Holders = table.HoldersOf(context, status.Inode),
            Peers = status.PeerInode is { } other ? table.HoldersOf(context, other) : [],
            Attribution = HolderSearch.AttributionOf(context.Scan),
            OrphanState = OrphanStates.No, // it goes with the last who has it open
        };
        if (status.Uid is { } uid)
        {
            socket.OwnerUid = uid;
            socket.Owner = context.Accounts.UserName(uid);
        }

        if (socket.Path is ['/', ..])
        {
            using FileObject? file = TryLook(socket.Path);
            if (file is { Type: FileObjectType.Socket } && SocketTable.IsBoundTo(status, file))
            {
                WithFile(context, socket, file);
            }
        }

        return Seen(socket, context);
    }

    private static void WithFile(InventoryContext context, UnixSocket socket, FileObject file)
    {
        (socket.FileDevice, socket.FileInode) = file.Identity;
        socket.Mode = PermissionMode.Format(file.Mode);
        socket.OwnerUid = file.Uid;
        socket.OwnerGid = file.Gid;
        socket.Owner = context.Accounts.UserName(file.Uid);
        socket.Group = context.Accounts.GroupName(file.Gid);
    }

    internal override WaitCondition[] Conditions => [WaitCondition.Gone];

    internal override string RefusalToWait => "SocketNotOpen";

    /// <summary>Gone is the socket, whose file may stay; of a file without a socket that can be seen, the file.</summary>
    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request)
    {
        UnixSocket socket = (UnixSocket)subject;
        if (socket.Inode is { } inode)
        {
            return new TableReadiness<UnixSocketStatus>(request.Tables.Sockets, one => one.Inode == inode);
        }

        FileReadiness source = FileReadiness.Open(socket.Path ?? throw new IpcException("stat", Errno.ENOENT));
        if (source.Identity == (socket.FileDevice ?? 0, socket.FileInode ?? 0))
        {
            return source;
        }

        source.Dispose();
        throw new IpcException("open", Errno.ESTALE);
    }
}
