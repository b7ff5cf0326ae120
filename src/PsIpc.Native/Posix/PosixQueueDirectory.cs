using System;
using System.Collections.Generic;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Posix;

/// <summary>
/// Lists the POSIX queues of the current IPC namespace. Only their file system can; who may mount (CAP_SYS_ADMIN)
/// gets one that nobody else sees and that no path leads to, everybody else needs the system's at /dev/mqueue.
/// </summary>
public static class PosixQueueDirectory
{
    /// <summary>Where systems mount it; see mq_overview(7).</summary>
    public const string MountPoint = "/dev/mqueue";

    /// <summary>Describes every queue. One whose attributes may not be read is described by its directory entry.</summary>
    /// <exception cref="IpcException">
    /// "mount(mqueue)", ENOENT: it is not mounted and may not be; EINVAL: what is mounted belongs to another IPC namespace.
    /// </exception>
    public static IEnumerable<PosixMessageQueueStatus> Enumerate()
    {
        using SafeDescriptor directory = Open();
        foreach (PosixMessageQueueStatus status in Enumerate(directory))
        {
            yield return status;
        }
    }

    /// <summary>The directory of all queues, for who lists them again and again, or watches it.</summary>
    /// <exception cref="IpcException">As of <see cref="Enumerate()"/>.</exception>
    public static SafeDescriptor Open() => TryMount() ?? OpenMounted();

    /// <summary>Describes every queue of an open directory.</summary>
    /// <param name="directory">What <see cref="Open"/> gave.</param>
    public static IEnumerable<PosixMessageQueueStatus> Enumerate(SafeDescriptor directory)
    {
        foreach (byte[] name in Directories.Names(directory))
        {
            if (TryRead(directory, name) is { } status)
            {
                yield return status;
            }
        }
    }

    /// <summary>Describes one queue of an open directory; null when there is no such queue.</summary>
    /// <param name="directory">What <see cref="Open"/> gave.</param>
    /// <param name="name">Name, with its slash.</param>
    public static PosixMessageQueueStatus? TryGet(SafeDescriptor directory, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return TryRead(directory, NativeString.Encode(name[1..]));
    }

    /// <summary>Describes one queue, with or without the file system; null when there is no such queue.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <exception cref="IpcException">EACCES: it may not be opened, and the file system is out of reach.</exception>
    public static PosixMessageQueueStatus? TryGet(string name)
    {
        try
        {
            using PosixMessageQueue queue = PosixMessageQueue.Open(name, PosixMessageQueue.Access.Receive, nonBlocking: true);
            return queue.GetStatus(name);
        }
        catch (IpcException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
        catch (IpcException e) when (e.Errno == Errno.EACCES)
        {
            // It exists, but may not be read: what its directory entry says is open to all.
            using SafeDescriptor? directory = TryMount() ?? Directories.TryOpen(MountPoint);
            if (directory is null || !IsMqueue(directory) || IsForeign(directory))
            {
                throw;
            }

            return TryRead(directory, NativeString.Encode(name[1..]));
        }
    }

    /// <summary>A mount that exists only as this descriptor; null where that is not permitted (or older than Linux 5.2).</summary>
    private static unsafe SafeDescriptor? TryMount()
    {
        fixed (byte* type = "mqueue\0"u8)
        {
            int context = Libc.fsopen(type, Libc.FSOPEN_CLOEXEC);
            if (context < 0)
            {
                return null;
            }

            using SafeDescriptor fileSystem = new(context);
            if (Libc.fsconfig_create(fileSystem) < 0)
            {
                return null;
            }

            int mount = Libc.fsmount(fileSystem, Libc.FSMOUNT_CLOEXEC);
            return mount < 0 ? null : new SafeDescriptor(mount);
        }
    }

    private static SafeDescriptor OpenMounted()
    {
        SafeDescriptor? directory = Directories.TryOpen(MountPoint);
        if (directory is null || !IsMqueue(directory))
        {
            directory?.Dispose();
            throw new IpcException("mount(mqueue)", Errno.ENOENT);
        }

        if (IsForeign(directory))
        {
            directory.Dispose();
            throw new IpcException("mount(mqueue)", Errno.EINVAL);
        }

        return directory;
    }

    private static unsafe bool IsMqueue(SafeDescriptor directory)
    {
        Libc.statfs_buf status;
        return Libc.fstatfs(directory, &status) == 0 && status.f_type == Libc.MQUEUE_MAGIC;
    }

    /// <summary>
    /// A mount made before the process entered another IPC namespace keeps showing the queues of the old one. Such a
    /// queue cannot be opened by its name; only one that has just been removed looks the same, so all are asked.
    /// </summary>
    private static bool IsForeign(SafeDescriptor directory)
    {
        List<byte[]> names = Directories.Names(directory);
        return names.Count > 0 && !names.Exists(IsInThisNamespace);
    }

    private static unsafe bool IsInThisNamespace(byte[] fileName)
    {
        byte[] name = [(byte)'/', .. fileName];
        fixed (byte* bytes = name)
        {
            int descriptor = Libc.mq_open(bytes, Libc.O_RDONLY | Libc.O_CLOEXEC, 0, null);
            if (descriptor >= 0)
            {
                _ = Libc.close(descriptor);
                return true;
            }

            return Libc.LastErrno != Errno.ENOENT;
        }
    }

    private static unsafe PosixMessageQueueStatus? TryRead(SafeDescriptor directory, byte[] fileName)
    {
        string name = "/" + NativeString.Decode(fileName.AsSpan()[..^1]);
        fixed (byte* bytes = fileName)
        {
            int descriptor = Libc.openat(directory, bytes, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
            if (descriptor >= 0)
            {
                using SafeDescriptor queue = new(descriptor);
                return PosixQueueReader.Read(queue, name);
            }

            // Not ours to read, or gone since the directory was listed.
            return FileStatus.TryGetAt(directory, bytes, follow: false) is { } file ? PosixQueueReader.FromFile(file, name) : null;
        }
    }
}
