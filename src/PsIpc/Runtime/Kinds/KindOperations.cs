using System;
using System.Collections.Generic;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>All that the Ipc cmdlets can do with one kind of object. A new kind is one more of these.</summary>
internal abstract class KindOperations
{
    /// <summary>The kind.</summary>
    internal abstract IpcKind Kind { get; }

    /// <summary>What people call it, for sentences.</summary>
    internal abstract string DisplayName { get; }

    /// <summary>Whether objects of the kind have keys and ids, and not names.</summary>
    internal virtual bool HasKey => false;

    /// <summary>Whether it is listed when no kind is asked for.</summary>
    internal virtual bool IsListedUnasked => true;

    /// <summary>How /proc tells who has an object open.</summary>
    internal virtual HolderSource Holders => HolderSource.None;

    /// <summary>Whether a listing has to look who holds the objects all the same, and fills that in.</summary>
    internal virtual bool KnowsHolders => false;

    /// <summary>Every object of the kind.</summary>
    /// <exception cref="IpcException">They cannot be listed.</exception>
    internal abstract IEnumerable<IpcObject> Enumerate(InventoryContext context);

    /// <summary>The object of a name, without listing all where that can be done; null when there is none.</summary>
    internal abstract IpcObject? FindByName(InventoryContext context, string name);

    /// <summary>Whether objects of the kind are called by the path of a file.</summary>
    internal virtual bool IsNamedByPath => false;

    /// <summary>The same of a name as a user types it: what is called by its path may be given from here on.</summary>
    /// <param name="context">Of the listing.</param>
    /// <param name="name">The name, or a relative path.</param>
    /// <param name="resolve">Makes a path absolute.</param>
    internal IReadOnlyList<IpcObject> FindByName(InventoryContext context, string name, Func<string, string> resolve)
    {
        if (!IsNamedByPath || name is "" or ['/' or '@', ..])
        {
            return FindAllByName(context, name);
        }

        // The kernel's own names (socket:[123], 08:02:131) are no paths. Of a path the user means the one from here, whatever others call theirs.
        bool isPath = !name.Contains(':', StringComparison.Ordinal);
        IReadOnlyList<IpcObject> found = FindAllByName(context, isPath ? resolve(name) : name);
        return found.Count > 0 ? found : FindAllByName(context, isPath ? name : resolve(name));
    }

    /// <summary>All objects of a name: of most kinds there is one at most.</summary>
    private protected virtual IReadOnlyList<IpcObject> FindAllByName(InventoryContext context, string name) =>
        FindByName(context, name) is { } found ? [found] : [];

    /// <summary>Whether there is an object of this name, as a user types it; that it may not be used, or seen, makes no difference.</summary>
    /// <param name="context">Of the listing.</param>
    /// <param name="name">The name, or a relative path.</param>
    /// <param name="resolve">Makes a path absolute.</param>
    internal virtual bool HasName(InventoryContext context, string name, Func<string, string> resolve) => FindByName(context, name, resolve).Count > 0;

    /// <summary>The object of a key; null when there is none.</summary>
    internal virtual IpcObject? FindByKey(InventoryContext context, IpcKey key) => null;

    /// <summary>The object of an id; null when there is none.</summary>
    internal virtual IpcObject? FindById(InventoryContext context, int id) => null;

    /// <summary>What stands now where the record was: the same object, another of its name, or null.</summary>
    internal abstract IpcObject? Refresh(InventoryContext context, IpcObject record);

    /// <summary>Whether two records are of the same kernel object.</summary>
    internal abstract bool IsSame(IpcObject first, IpcObject second);

    /// <summary>What the object's own state says of its being orphaned; Unknown where only its holders could tell.</summary>
    internal virtual string OrphanStateWithoutHolders(IpcObject subject) => subject.OrphanState;

    /// <summary>Whether anybody has the object open, as the kernel itself says; null where it does not.</summary>
    internal virtual bool? HasOpeners(IpcObject subject) => null;

    /// <summary>What the object's state and its holders, all of which were found, say of its being orphaned.</summary>
    internal virtual string OrphanStateWithoutAnyHolder(IpcObject subject) => OrphanStates.Unknown;

    /// <summary>The name of the sentence that says why the object is never removed; null of one that can be.</summary>
    internal virtual string? RefusalToRemove(IpcObject subject) => null;

    /// <summary>Removes the object.</summary>
    /// <exception cref="IpcException">It cannot be removed.</exception>
    internal virtual void Remove(IpcObject subject) => throw new IpcException("remove", Errno.EOPNOTSUPP);

    /// <summary>Sets what is not null.</summary>
    /// <exception cref="IpcException">It cannot be set.</exception>
    internal virtual void Set(IpcObject subject, AttributeChange change) => throw new IpcException("set", Errno.EOPNOTSUPP);

    /// <summary>Whether <see cref="Set"/> takes owner, group and mode of an object.</summary>
    internal virtual bool HasOwner(IpcObject subject) => true;

    /// <summary>Whether <see cref="Set"/> takes a number of bytes.</summary>
    internal virtual bool HasMaxBytes => false;

    /// <summary>Whether <see cref="Set"/> keeps an object in memory.</summary>
    internal virtual bool HasLocked => false;

    /// <summary>What an object of the kind can be waited for to become.</summary>
    internal virtual WaitCondition[] Conditions => [];

    /// <summary>What it is waited for to become when nobody says.</summary>
    internal virtual WaitCondition DefaultCondition => WaitCondition.Readable;

    /// <summary>The name of the sentence that says why it cannot be waited for to become something else.</summary>
    internal virtual string RefusalToWait => "ConditionUnsupported";

    /// <summary>Opens what is needed to wait for an object to become one of <see cref="Conditions"/>.</summary>
    /// <exception cref="IpcException">It is gone, another has its name, or it may not be opened.</exception>
    internal virtual ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request) => throw new IpcException("poll", Errno.EOPNOTSUPP);

    /// <summary>Refuses what was opened by the name of another object.</summary>
    private protected static T Same<T>(IpcObject subject, T source, (ulong Device, ulong Inode)? identity)
        where T : ReadinessSource
    {
        if (subject.Inode is { } inode && identity is { } found && found != (subject.Device ?? 0, inode))
        {
            source.Dispose();
            throw new IpcException("open", Errno.ESTALE);
        }

        return source;
    }

    /// <summary>The properties whose change Watch-IpcObject tells of; times are none of them.</summary>
    internal abstract IReadOnlyList<WatchedProperty> WatchedProperties { get; }

    /// <summary>Fills in to whom an object belongs, and what others may do with it.</summary>
    private protected static T OwnedBy<T>(T record, InventoryContext context, uint uid, uint gid, int mode)
        where T : IpcObject
    {
        record.Owner = context.Accounts.UserName(uid);
        record.Group = context.Accounts.GroupName(gid);
        record.OwnerUid = uid;
        record.OwnerGid = gid;
        record.Mode = PermissionMode.Format(mode);
        return record;
    }

    /// <summary>Stamps a record with where it was seen.</summary>
    private protected static T Seen<T>(T record, InventoryContext context)
        where T : IpcObject
    {
        record.BootId = context.BootId;
        record.IpcNamespace = context.IpcNamespace;
        record.IpcNamespaceId = context.IpcNamespaceId;
        return record;
    }
}
