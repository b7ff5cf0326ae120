using System;
using System.Collections.Generic;
using PsIpc.Native.Posix;
using PsIpc.Native.Waiting;
using Queue = PsIpc.Native.Posix.PosixMessageQueue;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>POSIX message queues.</summary>
internal sealed class PosixMessageQueueOperations : KindOperations
{
    internal override IpcKind Kind => IpcKind.PosixMessageQueue;

    internal override string DisplayName => "POSIX message queue";

    internal override HolderSource Holders => HolderSource.Descriptors;

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            .. WatchedProperty.Ownership,
            new("MessageCount", one => ((PosixMessageQueue)one).MessageCount),
            new("UsedBytes", one => ((PosixMessageQueue)one).UsedBytes),
            new("NotifyPid", one => ((PosixMessageQueue)one).NotifyPid),
        ];

    internal static PosixMessageQueue Describe(InventoryContext context, PosixMessageQueueStatus status)
    {
        PosixMessageQueue queue = new()
        {
            Name = status.Name,
            Size = status.UsedBytes,
            Device = status.Device,
            Inode = status.Inode,
            MessageCount = status.MessageCount,
            MaxMessages = status.MaxMessages,
            MaxMessageSize = status.MaxMessageSize,
            UsedBytes = status.UsedBytes,
            NotifyPid = status.NotifyPid,
            NotifySignal = status.NotifySignal,
            ModifyTime = status.ModifyTime.UtcDateTime,
            ChangeTime = status.ChangeTime.UtcDateTime,
        };
        queue.OrphanState = StateWithoutHolders(queue);
        return Seen(OwnedBy(queue, context, status.Uid, status.Gid, status.Mode), context);
    }

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (PosixMessageQueueStatus status in PosixQueueDirectory.Enumerate())
        {
            yield return Describe(context, status);
        }
    }

    internal override IpcObject? FindByName(InventoryContext context, string name) =>
        PosixName.Check(name) == PosixNameFault.None && PosixQueueDirectory.TryGet(name) is { } status
            ? Describe(context, status)
            : null;

    internal override bool HasName(InventoryContext context, string name, Func<string, string> resolve)
    {
        try
        {
            return base.HasName(context, name, resolve);
        }
        catch (Native.IpcException e) when (e.Errno == Native.Errno.EACCES)
        {
            return true; // mq_open refused it, so it is there; its file system, which would say more, is out of reach
        }
    }

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindByName(context, record.Name);

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first.Name == second.Name && first.Device == second.Device && first.Inode == second.Inode;

    internal override string OrphanStateWithoutHolders(IpcObject subject) => StateWithoutHolders((PosixMessageQueue)subject);

    internal override bool? HasOpeners(IpcObject subject) => Queue.HasOtherOpeners(subject.Name, (subject.Device ?? 0, subject.Inode ?? 0));

    /// <summary>Null: what is in it may not be seen.</summary>
    internal override string OrphanStateWithoutAnyHolder(IpcObject subject) => subject.Size is null ? OrphanStates.Unknown : OrphanStates.Yes;

    internal override void Remove(IpcObject subject) => Queue.Unlink(subject.Name);

    internal override void Set(IpcObject subject, AttributeChange change)
    {
        using Queue queue = OpenForChange(subject.Name);
        if (change.Uid is not null || change.Gid is not null)
        {
            queue.SetOwner(change.Uid, change.Gid);
        }

        if (change.Mode is { } mode)
        {
            queue.SetMode(mode.Bits);
        }
    }

    /// <summary>Messages wait for somebody, whether or not he has the queue open yet.</summary>
    private static string StateWithoutHolders(PosixMessageQueue queue) =>
        queue.MessageCount > 0 ? OrphanStates.No : OrphanStates.Unknown;

    /// <summary>Any access will do to change attributes; an owner may have left himself only one.</summary>
    private static Queue OpenForChange(string name)
    {
        try
        {
            return Queue.Open(name, Queue.Access.Receive, nonBlocking: true);
        }
        catch (Native.IpcException e) when (e.Errno == Native.Errno.EACCES)
        {
            return Queue.Open(name, Queue.Access.Send, nonBlocking: true);
        }
    }

    internal override WaitCondition[] Conditions => [WaitCondition.Readable, WaitCondition.Writable, WaitCondition.Zero, WaitCondition.Gone];

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request)
    {
        PosixQueueReadiness source = PosixQueueReadiness.Open(subject.Name, request.Condition);
        return Same(subject, source, source.Identity ?? IdentityOf(subject.Name)); // one that may not be opened can be seen all the same
    }

    /// <summary>Null also where nobody tells: it may not be opened, and the file system is out of reach.</summary>
    private static (ulong Device, ulong Inode)? IdentityOf(string name)
    {
        try
        {
            return PosixQueueDirectory.TryGet(name) is { } status ? (status.Device, status.Inode) : null;
        }
        catch (Native.IpcException e) when (e.Errno == Native.Errno.EACCES)
        {
            return null;
        }
    }
}
