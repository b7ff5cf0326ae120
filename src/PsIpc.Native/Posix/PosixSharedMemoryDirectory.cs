using System;
using System.Collections.Generic;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Posix;

/// <summary>
/// The POSIX shared memory objects and semaphores: to the C library they are files in /dev/shm, and belong to the mount
/// namespace. glibc calls a semaphore sem.NAME; musl gives it no mark, so there it is listed as shared memory.
/// </summary>
public static class PosixSharedMemoryDirectory
{
    /// <summary>Where the C library keeps them.</summary>
    public const string MountPoint = "/dev/shm";

    /// <summary>What glibc puts before a semaphore's name.</summary>
    public const string SemaphorePrefix = "sem.";

    /// <summary>sizeof(sem_t) of glibc and musl on 64-bit machines.</summary>
    public const int SemaphoreSize = 32;

    /// <summary>Who makes and removes a semaphore as fast as we look does not keep us for ever: its value is unknown then.</summary>
    private const int MostAttempts = 10;

    /// <summary>The file of a shared memory object.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="directory">Where to look instead of /dev/shm: the same directory as another process sees it.</param>
    public static string PathOfMemory(string name, string directory = MountPoint)
    {
        ArgumentNullException.ThrowIfNull(name);
        return directory + "/" + name.TrimStart('/');
    }

    /// <summary>The file of a semaphore.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="directory">Where to look instead of /dev/shm.</param>
    public static string PathOfSemaphore(string name, string directory = MountPoint)
    {
        ArgumentNullException.ThrowIfNull(name);
        return directory + "/" + SemaphorePrefix + name.TrimStart('/');
    }

    /// <summary>Describes every object and semaphore; none where there is no such directory.</summary>
    /// <param name="directory">Where to look instead of /dev/shm.</param>
    /// <exception cref="IpcException">EACCES: the directory may not be listed.</exception>
    public static IEnumerable<PosixSharedMemoryStatus> Enumerate(string directory = MountPoint)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using SafeDescriptor? opened = Directories.TryOpen(directory);
        if (opened is null)
        {
            if (Libc.LastErrno == Errno.ENOENT)
            {
                yield break;
            }

            throw IpcException.Last("open(/dev/shm)");
        }

        foreach (byte[] name in Directories.Names(opened))
        {
            if (TryRead(opened, directory, name) is { } status)
            {
                yield return status;
            }
        }
    }

    /// <summary>Describes one object; null when there is none of that name.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="directory">Where to look instead of /dev/shm.</param>
    public static PosixSharedMemoryStatus? TryGetMemory(string name, string directory = MountPoint) =>
        TryGet(PathOfMemory(name, directory), directory) is { IsSemaphore: false } status ? status : null;

    /// <summary>Describes one semaphore; null when there is none of that name.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="directory">Where to look instead of /dev/shm.</param>
    public static PosixSharedMemoryStatus? TryGetSemaphore(string name, string directory = MountPoint) =>
        TryGet(PathOfSemaphore(name, directory), directory) is { IsSemaphore: true } status ? status : null;

    /// <summary>Describes the object or semaphore that a file is; null when the file is gone, or neither of them.</summary>
    /// <param name="fileName">The file's name in the directory.</param>
    /// <param name="isOther">Whether there is such a file, which is no regular one.</param>
    public static PosixSharedMemoryStatus? TryGetFile(string fileName, out bool isOther)
    {
        isOther = false;
        if (TryGet($"{MountPoint}/{fileName}", MountPoint) is { } status)
        {
            return status;
        }

        isOther = FileStatus.TryGet($"{MountPoint}/{fileName}", follow: false) is { Type: not Libc.S_IFREG };
        return null;
    }

    private static PosixSharedMemoryStatus? TryGet(string path, string directory)
    {
        byte[] file = NativeString.Encode(path[(directory.Length + 1)..]);
        if (file.Length <= 1 || Array.IndexOf(file, (byte)'/') >= 0)
        {
            return null;
        }

        using SafeDescriptor? opened = Directories.TryOpen(directory);
        return opened is null ? null : TryRead(opened, directory, file);
    }

    /// <summary>Null for what is no regular file, and for what is gone since the directory was listed.</summary>
    private static unsafe PosixSharedMemoryStatus? TryRead(SafeDescriptor opened, string directory, byte[] fileName)
    {
        fixed (byte* bytes = fileName)
        {
            string name = NativeString.Decode(fileName.AsSpan()[..^1]);
            FileStatus file;
            bool isSemaphore;
            (long Value, long Waiters)? state = null;
            int attempts = 0;
            do
            {
                if (FileStatus.TryGetAt(opened, bytes, follow: false) is not { Type: Libc.S_IFREG } found)
                {
                    return null;
                }

                file = found;
                isSemaphore = name.StartsWith(SemaphorePrefix, StringComparison.Ordinal)
                    && name.Length > SemaphorePrefix.Length && file.Size == SemaphoreSize;
            }
            while (isSemaphore && !TryReadSemaphore(opened, bytes, file, out state) && ++attempts < MostAttempts);

            return new PosixSharedMemoryStatus
            {
                Name = "/" + (isSemaphore ? name[SemaphorePrefix.Length..] : name),
                Path = directory + "/" + name,
                IsSemaphore = isSemaphore,
                Uid = file.Uid,
                Gid = file.Gid,
                Mode = file.Mode & 0x1FF,
                Device = file.Device,
                Inode = file.Inode,
                Size = file.Size,
                AllocatedBytes = file.AllocatedBytes,
                ModifyTime = file.ModifyTime,
                ChangeTime = file.ChangeTime,
                Value = state?.Value,
                Waiters = state?.Waiters,
            };
        }
    }

    /// <summary>
    /// glibc's sem_t on 64-bit machines begins with one word: the value in its lower half, the number of waiting threads in the
    /// upper. Read from the file, so that nothing is mapped that could shrink.
    /// </summary>
    /// <returns>False when it is gone, or another file has its name: it is to be looked at again.</returns>
    private static unsafe bool TryReadSemaphore(SafeDescriptor opened, byte* name, in FileStatus file, out (long Value, long Waiters)? state)
    {
        state = null;
        int descriptor = Libc.openat(opened, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return Libc.LastErrno != Errno.ENOENT;
        }

        using SafeDescriptor semaphore = new(descriptor);
        if (FileStatus.Of(semaphore).Identity != file.Identity)
        {
            return false;
        }

        ulong word;
        if (Libc.pread(semaphore, (byte*)&word, sizeof(ulong), 0) == sizeof(ulong))
        {
            state = ((long)(word & uint.MaxValue), (long)(word >> 32));
        }

        return true;
    }
}
