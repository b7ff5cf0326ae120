using System;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native;
using PsIpc.Native.SysV;
using Queue = PsIpc.Native.SysV.SysVMessageQueue;

namespace PsIpc.Runtime.Kinds;

/// <summary>System V message queues.</summary>
internal sealed class SysVMessageQueueOperations : KindOperations
{
    internal override IpcKind Kind => IpcKind.SysVMessageQueue;

    internal override string DisplayName => "System V message queue";

    internal override bool HasKey => true;

    internal override bool HasOpeners => false;

    internal override bool HasMaxBytes => true;

    internal static SysVMessageQueue Describe(InventoryContext context, in SysVMessageQueueStatus status)
    {
        SysVMessageQueue queue = new()
        {
            Name = IpcKey.Format(status.Key),
            Owner = context.Accounts.UserName(status.OwnerUid),
            Group = context.Accounts.GroupName(status.OwnerGid),
            Mode = PermissionMode.Format(status.Mode),
            Size = status.UsedBytes,
            Key = status.Key,
            Id = status.Id,
            Sequence = status.Sequence,
            MessageCount = status.MessageCount,
            UsedBytes = status.UsedBytes,
            MaxBytes = status.MaxBytes,
            LastSendPid = status.LastSendPid == 0 ? null : status.LastSendPid,
            LastReceivePid = status.LastReceivePid == 0 ? null : status.LastReceivePid,
            LastSendTime = Times.FromUnixSeconds(status.LastSendTime),
            LastReceiveTime = Times.FromUnixSeconds(status.LastReceiveTime),
            ChangeTime = Times.FromUnixSeconds(status.ChangeTime),
            OwnerUid = status.OwnerUid,
            OwnerGid = status.OwnerGid,
            CreatorUid = status.CreatorUid,
            CreatorGid = status.CreatorGid,

            // Who will receive from a queue cannot be seen: an empty one may be about to be used, one with messages is in use.
            OrphanState = status.MessageCount > 0 ? OrphanStates.No : OrphanStates.Unknown,
        };
        return Seen(queue, context);
    }

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (SysVMessageQueueStatus status in Queue.Enumerate())
        {
            yield return Describe(context, status);
        }
    }

    /// <summary>The name is the key in hexadecimal. 0x00000000 is the name of every private queue, and so of none.</summary>
    internal override IpcObject? FindByName(InventoryContext context, string name) =>
        name.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && uint.TryParse(name.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint key) && key != 0
            ? FindByKey(context, new IpcKey((int)key))
            : null;

    internal override IpcObject? FindByKey(InventoryContext context, IpcKey key)
    {
        try
        {
            return FindById(context, Queue.Open(key.ToInt32()).Id);
        }
        catch (IpcException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    internal override IpcObject? FindById(InventoryContext context, int id) =>
        new Queue(id).TryGetStatus() is { } status ? Describe(context, status) : null;

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) =>
        FindById(context, ((SysVMessageQueue)record).Id);

    /// <summary>Ids come back after 32,768 removals in a slot; the key and who made it seldom come back with them.</summary>
    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first is SysVMessageQueue one && second is SysVMessageQueue other
        && one.Id == other.Id && one.Key == other.Key && one.Sequence == other.Sequence
        && one.CreatorUid == other.CreatorUid && one.CreatorGid == other.CreatorGid;

    internal override string OrphanStateWithoutHolders(IpcObject subject) => subject.OrphanState;

    internal override void Remove(IpcObject subject) => new Queue(((SysVMessageQueue)subject).Id).Remove();

    internal override void Set(IpcObject subject, uint? uid, uint? gid, PermissionMode? mode, long? maxBytes) =>
        new Queue(((SysVMessageQueue)subject).Id).Set(uid, gid, mode?.Bits, maxBytes);
}
