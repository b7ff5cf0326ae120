using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>System V semaphore sets.</summary>
internal sealed class SysVSemaphoreOperations : SysVOperations
{
    internal override IpcKind Kind => IpcKind.SysVSemaphore;

    internal override string DisplayName => "System V semaphore set";

    internal static SysVSemaphore Describe(InventoryContext context, SysVSemaphoreSetStatus status)
    {
        SysVSemaphore semaphore = new()
        {
            Count = status.Count,
            Elements = status.Elements is null ? null : ElementsOf(context.Processes, status.Elements),
            OperationTime = Times.FromUnixSeconds(status.OperationTime),
        };

        // Who will operate on it cannot be seen; who waits in it can.
        semaphore.OrphanState = semaphore.Waiters > 0 ? OrphanStates.No : OrphanStates.Unknown;
        return Identified(semaphore, context, status);
    }

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [.. WatchedProperty.Ownership, new("Elements", one => ValuesOf((SysVSemaphore)one))];

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (SysVSemaphoreSetStatus status in SysVSemaphoreTable.Enumerate())
        {
            yield return Describe(context, status);
        }
    }

    private protected override int? FindId(int key) => SysVSemaphoreTable.Find(key);

    internal override IpcObject? FindById(InventoryContext context, int id) =>
        SysVSemaphoreTable.TryGet(id) is { } status ? Describe(context, status) : null;

    private protected override bool HasSameMarks(SysVObject record, SysVObject now) =>
        record is SysVSemaphore one && now is SysVSemaphore other && one.Count == other.Count
        && HasComeAfter(one.OperationTime, other.OperationTime);

    internal override void Remove(IpcObject subject) => SysVSemaphoreTable.Remove(IdOf(subject));

    internal override void Set(IpcObject subject, AttributeChange change) =>
        SysVSemaphoreTable.Set(IdOf(subject), change.Uid, change.Gid, change.Mode?.Bits);

    private static SemaphoreElement[] ElementsOf(ProcessState processes, IReadOnlyList<SysVSemaphoreElementStatus> statuses)
    {
        SemaphoreElement[] elements = new SemaphoreElement[statuses.Count];
        for (int i = 0; i < elements.Length; i++)
        {
            SysVSemaphoreElementStatus status = statuses[i];
            elements[i] = new SemaphoreElement
            {
                Index = i,
                Value = status.Value,
                WaitingForIncrease = status.WaitingForIncrease,
                WaitingForZero = status.WaitingForZero,
                LastPid = status.LastPid == 0 ? null : status.LastPid,
                LastPidEnded = status.LastPid == 0 ? null : processes.HasEnded(status.LastPid),
            };
        }

        return elements;
    }

    internal override WaitCondition[] Conditions => [WaitCondition.Readable, WaitCondition.Zero, WaitCondition.Gone];

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request) =>
        new SysVSemaphoreReadiness(IdOf(subject), request.Indexes, request.Condition);

    /// <summary>The values of all semaphores: one that waits for them changes nothing. Null where they may not be read.</summary>
    private static string? ValuesOf(SysVSemaphore set) => set.Elements is null ? null : string.Join(' ', set.Elements.Select(element => element.Value));
}
