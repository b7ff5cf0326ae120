using PsIpc.Native;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime.Kinds;

/// <summary>
/// Objects that are files: found by name, told apart by device and inode, changed and removed by a descriptor of the very file that
/// was looked at.
/// </summary>
internal abstract class FileObjectOperations : KindOperations
{
    internal override bool IsNamedByPath => true;

    /// <summary>Where the object is.</summary>
    private protected abstract string PathOf(IpcObject subject);

    /// <summary>The C call that removes it.</summary>
    private protected abstract string RemovalCall { get; }

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first.Kind == second.Kind && first.Name == second.Name && first.Device == second.Device && first.Inode == second.Inode;

    internal override void Remove(IpcObject subject)
    {
        using FileObject file = Open(subject, RemovalCall);
        CheckBeforeRemoval(file);
        file.Unlink(RemovalCall);
    }

    internal override void Set(IpcObject subject, AttributeChange change)
    {
        using FileObject file = Open(subject, "open");
        if (change.Uid is not null || change.Gid is not null)
        {
            file.SetOwner(change.Uid, change.Gid);
        }

        if (change.Mode is { } mode)
        {
            file.SetMode(mode.Bits);
        }
    }

    /// <summary>Throws when the file, now held by a descriptor, may not be removed after all.</summary>
    private protected virtual void CheckBeforeRemoval(FileObject file)
    {
    }

    /// <summary>Device and inode of the object's file.</summary>
    private protected virtual (ulong Device, ulong Inode) IdentityOf(IpcObject subject) => (subject.Device ?? 0, subject.Inode ?? 0);

    /// <summary>The file of a path; null when there is none.</summary>
    /// <exception cref="IpcException">EACCES: a directory on the way is closed, so that nobody can say whether there is one.</exception>
    internal static FileObject? TryOpen(string path) => path is ['/', ..] ? FileObject.TryOpen(path) : null;

    /// <summary>The same for a listing, which goes on without what it may not look at: null then, too.</summary>
    internal static FileObject? TryLook(string path)
    {
        try
        {
            return TryOpen(path);
        }
        catch (IpcException e) when (e.Errno is Errno.EACCES or Errno.ELOOP)
        {
            return null;
        }
    }

    private FileObject Open(IpcObject subject, string call)
    {
        string path = PathOf(subject);
        FileObject file = TryOpen(path) ?? throw new IpcException(call, Errno.ENOENT);
        if (file.Identity != IdentityOf(subject))
        {
            file.Dispose();
            throw new IpcException(call, Errno.ESTALE);
        }

        return file;
    }
}
