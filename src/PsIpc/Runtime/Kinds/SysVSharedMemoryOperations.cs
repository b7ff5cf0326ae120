using System.Collections.Generic;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>System V shared memory segments.</summary>
internal sealed class SysVSharedMemoryOperations : SysVOperations
{
    internal override IpcKind Kind => IpcKind.SysVSharedMemory;

    internal override string DisplayName => "System V shared memory segment";

    internal override HolderSource Holders => HolderSource.Attachments;

    internal override bool HasLocked => true;

    internal static SysVSharedMemory Describe(InventoryContext context, SysVSharedMemoryStatus status) => Identified(
        new SysVSharedMemory
        {
            Size = status.Size,
            AttachCount = status.AttachCount,
            CreatorPid = status.CreatorPid == 0 ? null : status.CreatorPid,
            LastPid = status.LastPid == 0 ? null : status.LastPid,
            AttachTime = Times.FromUnixSeconds(status.AttachTime),
            DetachTime = Times.FromUnixSeconds(status.DetachTime),
            Locked = status.IsLocked,
            MarkedForRemoval = status.IsMarkedForRemoval,

            // The kernel itself counts who has it attached, in whichever namespace he is now.
            OrphanState = status.AttachCount == 0 ? OrphanStates.Yes : OrphanStates.No,
        },
        context,
        status);

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            .. WatchedProperty.Ownership,
            new("Name", one => one.Name),
            new("AttachCount", one => ((SysVSharedMemory)one).AttachCount),
            new("Locked", one => ((SysVSharedMemory)one).Locked),
            new("MarkedForRemoval", one => ((SysVSharedMemory)one).MarkedForRemoval),
        ];

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (SysVSharedMemoryStatus status in SysVSharedMemoryTable.Enumerate())
        {
            yield return WithUse(context, status);
        }
    }

    private protected override int? FindId(int key) => SysVSharedMemoryTable.Find(key);

    internal override IpcObject? FindById(InventoryContext context, int id) =>
        SysVSharedMemoryTable.TryGet(id) is { } status ? WithUse(context, status) : null;

    /// <summary>Without what is in memory: to see that, the whole table would be read for each object.</summary>
    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) =>
        SysVSharedMemoryTable.TryGet(IdOf(record)) is { } status ? Describe(context, status) : null;

    private protected override bool HasSameMarks(SysVObject record, SysVObject now) =>
        record is SysVSharedMemory one && now is SysVSharedMemory other && (one.Size is null || one.Size == other.Size) && one.CreatorPid == other.CreatorPid;

    internal override void Remove(IpcObject subject) => SysVSharedMemoryTable.Remove(IdOf(subject));

    internal override void Set(IpcObject subject, AttributeChange change)
    {
        if (change.Uid is not null || change.Gid is not null || change.Mode is not null)
        {
            SysVSharedMemoryTable.Set(IdOf(subject), change.Uid, change.Gid, change.Mode?.Bits);
        }

        if (change.Locked is { } locked)
        {
            SysVSharedMemoryTable.SetLocked(IdOf(subject), locked);
        }
    }

    private static SysVSharedMemory WithUse(InventoryContext context, SysVSharedMemoryStatus status)
    {
        SysVSharedMemory segment = Describe(context, status);
        if (context.SegmentUse.TryGetValue(status.Id, out (long Resident, long Swapped) use))
        {
            segment.ResidentBytes = use.Resident;
            segment.SwappedBytes = use.Swapped;
        }

        return segment;
    }

    internal override WaitCondition[] Conditions => [WaitCondition.Gone];

    internal override WaitCondition DefaultCondition => WaitCondition.Gone;

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request) => new SysVSegmentReadiness(IdOf(subject));
}
