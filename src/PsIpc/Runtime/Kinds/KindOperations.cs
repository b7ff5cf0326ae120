using System.Collections.Generic;
using PsIpc.Native;

namespace PsIpc.Runtime.Kinds;

/// <summary>All that the Ipc cmdlets can do with one kind of object. A new kind is one more of these.</summary>
internal abstract class KindOperations
{
    /// <summary>The kind.</summary>
    internal abstract IpcKind Kind { get; }

    /// <summary>What people call it, for sentences.</summary>
    internal abstract string DisplayName { get; }

    /// <summary>Whether objects of the kind have keys and ids, and not names.</summary>
    internal abstract bool HasKey { get; }

    /// <summary>Whether /proc tells who has an object open, by its device and inode.</summary>
    internal abstract bool HasOpeners { get; }

    /// <summary>Every object of the kind.</summary>
    /// <exception cref="IpcException">They cannot be listed.</exception>
    internal abstract IEnumerable<IpcObject> Enumerate(InventoryContext context);

    /// <summary>The object of a name, without listing all where that can be done; null when there is none.</summary>
    internal abstract IpcObject? FindByName(InventoryContext context, string name);

    /// <summary>The object of a key; null when there is none.</summary>
    internal virtual IpcObject? FindByKey(InventoryContext context, IpcKey key) => null;

    /// <summary>The object of an id; null when there is none.</summary>
    internal virtual IpcObject? FindById(InventoryContext context, int id) => null;

    /// <summary>What stands now where the record was: the same object, another of its name, or null.</summary>
    internal abstract IpcObject? Refresh(InventoryContext context, IpcObject record);

    /// <summary>Whether two records are of the same kernel object.</summary>
    internal abstract bool IsSame(IpcObject first, IpcObject second);

    /// <summary>What the object's own state says of its being orphaned; Unknown where only its holders could tell.</summary>
    internal abstract string OrphanStateWithoutHolders(IpcObject subject);

    /// <summary>Removes the object.</summary>
    /// <exception cref="IpcException">It cannot be removed.</exception>
    internal abstract void Remove(IpcObject subject);

    /// <summary>Sets what is not null.</summary>
    /// <exception cref="IpcException">It cannot be set.</exception>
    internal abstract void Set(IpcObject subject, uint? uid, uint? gid, PermissionMode? mode, long? maxBytes);

    /// <summary>Whether <see cref="Set"/> takes a number of bytes.</summary>
    internal abstract bool HasMaxBytes { get; }

    /// <summary>Stamps a record with where it was seen.</summary>
    private protected static T Seen<T>(T record, InventoryContext context)
        where T : IpcObject
    {
        record.BootId = context.BootId;
        record.IpcNamespace = context.IpcNamespace;
        return record;
    }
}
