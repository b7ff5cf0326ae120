using System.Collections.Generic;
using PsIpc.Native;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;
using Queue = PsIpc.Native.SysV.SysVMessageQueue;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>System V message queues.</summary>
internal sealed class SysVMessageQueueOperations : SysVOperations
{
    internal override IpcKind Kind => IpcKind.SysVMessageQueue;

    internal override string DisplayName => "System V message queue";

    internal override bool HasMaxBytes => true;

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            .. WatchedProperty.Ownership,
            new("MessageCount", one => ((SysVMessageQueue)one).MessageCount),
            new("UsedBytes", one => ((SysVMessageQueue)one).UsedBytes),
            new("MaxBytes", one => ((SysVMessageQueue)one).MaxBytes),
        ];

    internal static SysVMessageQueue Describe(InventoryContext context, SysVMessageQueueStatus status)
    {
        SysVMessageQueue queue = new()
        {
            Size = status.UsedBytes,
            MessageCount = status.MessageCount,
            UsedBytes = status.UsedBytes,
            MaxBytes = status.MaxBytes,
            LastSendPid = status.LastSendPid == 0 ? null : status.LastSendPid,
            LastReceivePid = status.LastReceivePid == 0 ? null : status.LastReceivePid,
            LastSendTime = Times.FromUnixSeconds(status.LastSendTime),
            LastReceiveTime = Times.FromUnixSeconds(status.LastReceiveTime),

            // Who will receive from a queue cannot be seen: an empty one may be about to be used, one with messages is in use.
            OrphanState = status.MessageCount > 0 ? OrphanStates.No : OrphanStates.Unknown,
        };
        return Identified(queue, context, status);
    }

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (SysVMessageQueueStatus status in Queue.Enumerate())
        {
            yield return Describe(context, status);
        }
    }

    private protected override int? FindId(int key)
    {
        try
        {
            return Queue.Open(key).Id;
        }
        catch (IpcException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    internal override IpcObject? FindById(InventoryContext context, int id) =>
        new Queue(id).TryGetStatus() is { } status ? Describe(context, status) : null;

    /// <summary>Nothing but the times: who has once been sent to or received from stays so.</summary>
    private protected override bool HasSameMarks(SysVObject record, SysVObject now) =>
        record is SysVMessageQueue one && now is SysVMessageQueue other
        && HasComeAfter(one.LastSendTime, other.LastSendTime)
        && HasComeAfter(one.LastReceiveTime, other.LastReceiveTime);

    internal override void Remove(IpcObject subject) => new Queue(IdOf(subject)).Remove();

    internal override void Set(IpcObject subject, AttributeChange change) =>
        new Queue(IdOf(subject)).Set(change.Uid, change.Gid, change.Mode?.Bits, change.MaxBytes);

    internal override WaitCondition[] Conditions => [WaitCondition.Readable, WaitCondition.Writable, WaitCondition.Zero, WaitCondition.Gone];

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request) => new SysVQueueReadiness(IdOf(subject), request.Condition);
}
