using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>FIFOs: those that somebody has open, and those that a path leads to.</summary>
internal sealed class FifoOperations : FileObjectOperations
{
    internal override IpcKind Kind => IpcKind.Fifo;

    internal override string DisplayName => "FIFO";

    internal override bool IsListedUnasked => false;

    internal override HolderSource Holders => HolderSource.Descriptors;

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            .. WatchedProperty.Ownership,
            new("Readers", one => ObjectComparer.ProcessesOf(((Fifo)one).Readers)),
            new("Writers", one => ObjectComparer.ProcessesOf(((Fifo)one).Writers)),
        ];

    private protected override string RemovalCall => "unlink(fifo)";

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        context.Prepare(Kind);
        foreach (IGrouping<(ulong, ulong), OpenFile> fifo in context.Scan.OpenFiles
            .Where(one => one.Type == FileObjectType.Fifo && !one.IsPipe).GroupBy(one => (one.Device, one.Inode)))
        {
            OpenFile first = fifo.First();
            using FileObject? file = TryLook(first.Link ?? "");
            bool isReachable = file is not null && file.Identity == fifo.Key;
            Fifo record = new()
            {
                Name = first.Link ?? "",
                Path = first.Link ?? "",
                IsReachable = isReachable,
                Mode = PermissionMode.Format(first.Mode),
                ModifyTime = first.ModifyTime.UtcDateTime,
                Holders = [.. fifo.Select(one => HolderSearch.Describe(context.Scan, context.Accounts, one.ProcessId, one.Descriptor, one.Access))],
                Attribution = HolderSearch.AttributionOf(context.Scan),
            };
            yield return Complete(context, record, first.Uid, first.Gid, fifo.Key);
        }
    }

    /// <summary>The FIFO that a path leads to; null when it leads to none.</summary>
    internal override IpcObject? FindByName(InventoryContext context, string name)
    {
        using FileObject? file = TryOpen(name);
        return file is { Type: FileObjectType.Fifo } ? Describe(context, file, name) : null;
    }

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindByName(context, record.Name);

    internal static Fifo Describe(InventoryContext context, FileObject file, string path) => Complete(
        context,
        new Fifo
        {
            Name = path,
            Path = path,
            IsReachable = true,
            Mode = PermissionMode.Format(file.Mode),
            ModifyTime = file.ModifyTime.UtcDateTime,
        },
        file.Uid,
        file.Gid,
        file.Identity);

    private protected override string PathOf(IpcObject subject) => subject.Name;

    /// <summary>Who waits for the other side to open it cannot be seen, and a FIFO is made to outlive those who use it: never more than Unknown.</summary>
    private static Fifo Complete(InventoryContext context, Fifo record, uint uid, uint gid, (ulong Device, ulong Inode) identity)
    {
        record.OwnerUid = uid;
        record.OwnerGid = gid;
        record.Owner = context.Accounts.UserName(uid);
        record.Group = context.Accounts.GroupName(gid);
        (record.Device, record.Inode) = identity;
        record.OrphanState = record.Holders is { Length: > 0 } ? OrphanStates.No : OrphanStates.Unknown;
        return Seen(record, context);
    }

    internal override WaitCondition[] Conditions => [WaitCondition.Gone];

    internal override string RefusalToWait => "FifoNotOpen";

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request)
    {
        FileReadiness source = FileReadiness.Open(PathOf(subject));
        return Same(subject, source, source.Identity);
    }
}
