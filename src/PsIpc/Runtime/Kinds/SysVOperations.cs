using System;
using System.Globalization;
using PsIpc.Native.SysV;

namespace PsIpc.Runtime.Kinds;

/// <summary>What the three kinds of System V object have in common: keys, ids, and slots that are used again.</summary>
internal abstract class SysVOperations : KindOperations
{
    internal sealed override bool HasKey => true;

    /// <summary>The id of a key's object; null when there is none.</summary>
    private protected abstract int? FindId(int key);

    /// <summary>The name is the key in hexadecimal. 0x00000000 is the name of every private object, and so of none.</summary>
    internal sealed override IpcObject? FindByName(InventoryContext context, string name) =>
        name.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && uint.TryParse(name.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint key) && key != 0
            ? FindByKey(context, new IpcKey((int)key))
            : null;

    internal sealed override IpcObject? FindByKey(InventoryContext context, IpcKey key) =>
        FindId(key.ToInt32()) is { } id ? FindById(context, id) : null;

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindById(context, ((SysVObject)record).Id);

    /// <summary>
    /// Ids come back after 65,536 removals in a slot, and may be asked for (kernel.msg_next_id); the key, who made it and what else never
    /// changes seldom come back with them. A segment that was removed and is still attached has lost its key, and is the same.
    /// </summary>
    internal sealed override bool IsSame(IpcObject first, IpcObject second) =>
        first is SysVObject one && second is SysVObject other
        && one.Kind == other.Kind && one.Id == other.Id && one.Sequence == other.Sequence
        && (one.Key == other.Key || other is SysVSharedMemory { MarkedForRemoval: true })
        && one.CreatorUid == other.CreatorUid && one.CreatorGid == other.CreatorGid
        && !Times.IsBefore(other.ChangeTime, one.ChangeTime) // the kernel's clock apart, times only grow
        && HasSameMarks(one, other);

    /// <summary>Whether what never changes in an object of the kind is the same in both.</summary>
    private protected abstract bool HasSameMarks(SysVObject record, SysVObject now);

    /// <summary>Whether a time of now may be what has become of a record's: what once was, stays or comes again.</summary>
    private protected static bool HasComeAfter(DateTime? record, DateTime? now) =>
        record is null || (now is not null && !Times.IsBefore(now, record));

    /// <summary>Fills in what is alike in all three kinds, and where it was seen.</summary>
    private protected static T Identified<T>(T record, InventoryContext context, SysVObjectStatus status)
        where T : SysVObject
    {
        record.Name = IpcKey.Format(status.Key);
        record.Key = status.Key;
        record.Id = status.Id;
        record.Sequence = status.Sequence;
        record.CreatorUid = status.CreatorUid;
        record.CreatorGid = status.CreatorGid;
        record.ChangeTime = Times.FromUnixSeconds(status.ChangeTime);
        return Seen(OwnedBy(record, context, status.OwnerUid, status.OwnerGid, status.Mode), context);
    }

    private protected static int IdOf(IpcObject subject) => ((SysVObject)subject).Id;
}
