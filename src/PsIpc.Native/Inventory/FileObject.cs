using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>What a file is, among those that processes meet by.</summary>
public enum FileObjectType
{
    /// <summary>Something else: a directory, a device, a symbolic link.</summary>
    Other,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A FIFO: fifo(7).</summary>
    Fifo,

    /// <summary>A socket: unix(7).</summary>
    Socket,
}

/// <summary>
/// A file that stands for an object of inter-process communication, held by a descriptor that neither opens nor changes
/// it (O_PATH). It is never a symbolic link that is followed. Whatever is done, is done to the very file that was looked at -
/// but for its removal, which goes by its name: see unlink(2).
/// </summary>
public sealed class FileObject : IDisposable
{
    private readonly SafeDescriptor _directory;
    private readonly SafeDescriptor _file;
    private readonly byte[] _name;
    private readonly FileStatus _status;

    private FileObject(SafeDescriptor directory, SafeDescriptor file, byte[] name)
    {
        (_directory, _file, _name) = (directory, file, name);
        _status = FileStatus.Of(file);
    }

    /// <summary>What it is.</summary>
    public FileObjectType Type => TypeOf(_status);

    /// <summary>Device and inode.</summary>
    public (ulong Device, ulong Inode) Identity => _status.Identity;

    /// <summary>Owner.</summary>
    public uint Uid => _status.Uid;

    /// <summary>Owning group.</summary>
    public uint Gid => _status.Gid;

    /// <summary>The nine permission bits.</summary>
    public int Mode => _status.Mode & 0x1FF;

    /// <summary>Bytes.</summary>
    public long Size => _status.Size;

    /// <summary>When its data changed last.</summary>
    public DateTimeOffset ModifyTime => _status.ModifyTime;

    /// <summary>When its attributes changed last.</summary>
    public DateTimeOffset ChangeTime => _status.ChangeTime;

    internal SafeDescriptor Descriptor => _file;

    /// <summary>Finds a file; null when there is none.</summary>
    /// <param name="path">Its path, from the root.</param>
    /// <exception cref="IpcException">EACCES: a directory on the way is not open to the caller.</exception>
    public static FileObject? TryOpen(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int slash = path.LastIndexOf('/');
        SafeDescriptor? directory = TryOpenAt(null, NativeString.Encode(slash < 0 ? "." : path[..(slash + 1)]), Libc.O_DIRECTORY);
        if (directory is null)
        {
            return null;
        }

        byte[] name = NativeString.Encode(path[(slash + 1)..]);
        SafeDescriptor? file = null;
        try
        {
            file = TryOpenAt(directory, name, Libc.O_NOFOLLOW);
            return file is null ? null : new FileObject(directory, file, name);
        }
        finally
        {
            if (file is null)
            {
                directory.Dispose();
            }
        }
    }

    /// <summary>
    /// Looks whether a file that is about to be made could be opened then: one that is made where the process has no descriptor left would stay behind.
    /// </summary>
    /// <param name="path">Its path, from the root.</param>
    /// <exception cref="IpcException">EMFILE, ENFILE.</exception>
    internal static void CheckDescriptors(string path)
    {
        try
        {
            TryOpen(path)?.Dispose();
        }
        catch (IpcException e) when (e.Errno is not (Errno.EMFILE or Errno.ENFILE))
        {
            // Who makes the file says it better.
        }
    }

    /// <summary>Sets the permission bits.</summary>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">EPERM: not the owner.</exception>
    public unsafe void SetMode(int mode)
    {
        // fchmod(2) refuses an O_PATH descriptor; its link in /proc leads to the same file.
        using DescriptorLease lease = new(_file);
        fixed (byte* link = NativeString.Encode($"/proc/self/fd/{lease.Value}"))
        {
            _ = IpcException.Check(Libc.chmod(link, (uint)mode), "fchmod");
        }
    }

    /// <summary>Sets owner and group; what is null stays as it is.</summary>
    /// <param name="uid">New owner.</param>
    /// <param name="gid">New group.</param>
    /// <exception cref="IpcException">EPERM: it takes CAP_CHOWN.</exception>
    public unsafe void SetOwner(uint? uid, uint? gid)
    {
        fixed (byte* nothing = "\0"u8)
        {
            _ = IpcException.Check(
                Libc.fchownat(_file, nothing, uid ?? uint.MaxValue, gid ?? uint.MaxValue, Libc.AT_EMPTY_PATH), "fchown");
        }
    }

    /// <summary>
    /// Removes the name, after a last look that it still leads to this file. Who replaces the file between that look and the
    /// removal, a moment later, loses his own: Linux cannot remove a name only if it means a certain file.
    /// </summary>
    /// <param name="call">The C name for what is done, for errors.</param>
    /// <exception cref="IpcException">ENOENT: it is gone; ESTALE: the name is another file's now; EACCES, EPERM: no permission for the directory.</exception>
    public unsafe void Unlink(string call)
    {
        fixed (byte* name = _name)
        {
            FileStatus now = FileStatus.TryGetAt(_directory, name, follow: false) ?? throw IpcException.Last(call);
            if (now.Identity != _status.Identity || now.Type != _status.Type)
            {
                throw new IpcException(call, Errno.ESTALE);
            }

            _ = IpcException.Check(Libc.unlinkat(_directory, name, 0), call);
        }
    }

    /// <summary>
    /// Removes the file, and never another that has got its name meanwhile: the name is taken away first, then it is looked at what had it, and
    /// what is another's gets its name back. Where the file system cannot do that, as <see cref="Unlink"/>.
    /// </summary>
    /// <param name="call">The C name for what is done, for errors.</param>
    /// <param name="mayGo">Asked when nobody finds the file by its name any more: whether it may be removed.</param>
    /// <exception cref="IpcException">ENOENT: it is gone; ESTALE: the name is another file's now, or the file may not go; EACCES, EPERM: no permission for the directory.</exception>
    internal unsafe void Discard(string call, Func<FileObject, bool> mayGo)
    {
        byte[] aside = NativeString.Encode($".psipc-{Guid.NewGuid():N}");
        using DescriptorLease directory = new(_directory);
        fixed (byte* name = _name, hidden = aside)
        {
            if (Libc.renameat2(directory.Value, name, directory.Value, hidden, Libc.RENAME_NOREPLACE) != 0)
            {
                Errno errno = Libc.LastErrno;
                if (errno is not (Errno.EINVAL or Errno.ENOSYS))
                {
                    throw new IpcException(call, errno);
                }

                if (!mayGo(this))
                {
                    throw new IpcException(call, Errno.ESTALE);
                }

                Unlink(call);
                return;
            }

            FileStatus? taken = FileStatus.TryGetAt(_directory, hidden, follow: false);
            if (taken is { } file && file.Identity == _status.Identity && file.Type == _status.Type && mayGo(this))
            {
                _ = IpcException.Check(Libc.unlinkat(_directory, hidden, 0), call);
                return;
            }

            _ = IpcException.Check(Libc.renameat2(directory.Value, hidden, directory.Value, name, Libc.RENAME_NOREPLACE), call);
            throw new IpcException(call, Errno.ESTALE);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }

    internal static FileObjectType TypeOf(in FileStatus status) => status.Type switch
    {
        Libc.S_IFREG => FileObjectType.Regular,
        Libc.S_IFIFO => FileObjectType.Fifo,
        Libc.S_IFSOCK => FileObjectType.Socket,
        _ => FileObjectType.Other,
    };

    private static unsafe SafeDescriptor? TryOpenAt(SafeDescriptor? directory, byte[] name, int flags)
    {
        flags |= Libc.O_PATH | Libc.O_CLOEXEC;
        fixed (byte* bytes = name)
        {
            int descriptor = directory is null ? Libc.open(bytes, flags, 0) : Libc.openat(directory, bytes, flags, 0);
            return descriptor >= 0 ? new SafeDescriptor(descriptor)
                : Libc.LastErrno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG ? null
                : throw IpcException.Last("open(O_PATH)");
        }
    }
}
