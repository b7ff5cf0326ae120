using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Locks;

/// <summary>
/// A regular file that was opened to be locked, by open(2) itself: .NET's own FileStream takes a lock of its own. Locks of the kinds
/// <see cref="FileLockKind.Flock"/> and <see cref="FileLockKind.OpenFileDescription"/> belong to this opening and go with it.
/// </summary>
/// <remarks>
/// The descriptor is closed on exec, so no program inherits a lock. To dispose one file drops every
/// <see cref="FileLockKind.Record"/> lock that the process has on it, whichever opening took it: who holds such a lock must
/// not open the file again.
/// </remarks>
public sealed class LockFile : IDisposable
{
    private readonly SafeDescriptor _descriptor;

    private readonly FileStatus _status;

    private LockFile(SafeDescriptor descriptor, in FileStatus status)
    {
        _descriptor = descriptor;
        _status = status;
        Identity = IdentityOf(status);
    }

    /// <summary>Device and inode of the file, which tell it from a namesake.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <summary>The same as the table of locks has it: looked up when it is asked for.</summary>
    public (ulong Device, ulong Inode) TableIdentity => new MountTable().IdentityOf(_status);

    /// <summary>The number of its descriptor, by which /proc shows whose a lock is.</summary>
    public int Number => (int)_descriptor.DangerousGetHandle();

    /// <summary>Opens a file as a lock of a kind needs it: for a range of bytes, a shared lock takes read permission and an exclusive one write permission.</summary>
    /// <param name="path">A regular file. A symbolic link is refused; directories on the way to it may be links.</param>
    /// <param name="kind">The kind of lock.</param>
    /// <param name="shared">Whether the lock will be a shared one.</param>
    /// <param name="create">Makes the file, with mode 0600, where there is none.</param>
    /// <exception cref="IpcException">
    /// ENOENT: there is none; ELOOP: it is a symbolic link; EINVAL (the call is "open(lock file)"): it is no regular file; EACCES: no permission.
    /// </exception>
    public static LockFile Open(string path, FileLockKind kind, bool shared, bool create)
    {
        // flock(2) is content with any opening. For a range, both permissions where they may be had, so that it can be converted.
        ReadOnlySpan<int> modes = kind == FileLockKind.Flock ? [Libc.O_RDONLY, Libc.O_WRONLY]
            : shared ? [Libc.O_RDWR, Libc.O_RDONLY]
            : [Libc.O_RDWR, Libc.O_WRONLY];
        while (true)
        {
            // Looked at before it is opened: opening a device or a FIFO may itself do something.
            if (TryIdentify(path) is null)
            {
                if (!create)
                {
                    throw new IpcException("open(lock)", Errno.ENOENT);
                }

                SafeDescriptor made = Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL);
                if (!made.IsInvalid)
                {
                    return Adopt(made);
                }

                Errno failure = Libc.LastErrno;
                made.Dispose();
                if (failure == Errno.EEXIST)
                {
                    continue; // another was quicker: his will do
                }

                throw new IpcException("open(lock)", failure);
            }

            Errno errno = default;
            foreach (int mode in modes)
            {
                SafeDescriptor descriptor = Open(path, mode);
                if (!descriptor.IsInvalid)
                {
                    return Adopt(descriptor);
                }

                errno = Libc.LastErrno;
                descriptor.Dispose();
                if (errno is not (Errno.EACCES or Errno.EPERM or Errno.EROFS or Errno.ETXTBSY))
                {
                    break;
                }
            }

            if (errno != Errno.ENOENT || !create)
            {
                throw new IpcException("open(lock)", errno);
            }
        }
    }

    /// <summary>Device and inode of a file that can be locked.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="IpcException">As <see cref="Open(string, FileLockKind, bool, bool)"/>.</exception>
    public static (ulong Device, ulong Inode)? TryIdentify(string path) =>
        FileStatus.TryGet(path, follow: false) is { } status ? IdentityOf(status)
            : Libc.LastErrno == Errno.ENOENT ? null
            : throw IpcException.Last("open(lock)");

    /// <summary>Takes a lock, or converts the one that this opening has on the same range.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="range">Its range; the whole file for <see cref="FileLockKind.Flock"/>.</param>
    /// <param name="shared">Shared, or else exclusive.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <returns>
    /// When it is not <see cref="WaitStatus.Done"/>, a range keeps the lock that it had; flock(2) has lost its, for it gives the one back before it
    /// takes the other.
    /// </returns>
    /// <exception cref="IpcException">
    /// EDEADLK: two processes would wait for each other (record locks only); EBADF: the file was not opened for that;
    /// EOVERFLOW, EINVAL: the range ends beyond 2^63 - 1; ENOLCK: no more locks to be had.
    /// </exception>
    public unsafe WaitStatus Lock(FileLockKind kind, FileRange range, bool shared, Waiter waiter, Deadline deadline)
    {
        using DescriptorLease lease = new(_descriptor);
        if (kind == FileLockKind.Flock)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(range, FileRange.Whole);
            return waiter.Run(new FlockCall(lease.Value, shared ? Libc.LOCK_SH : Libc.LOCK_EX), deadline, out _);
        }

        Libc.flock_t request = Request(range, shared ? Libc.F_RDLCK : Libc.F_WRLCK);
        return kind == FileLockKind.Record
            ? waiter.Run(new RecordCall(lease.Value, &request), deadline, out _)
            : waiter.Run(new RangeCall(lease.Value, &request), deadline, out _);
    }

    /// <summary>Gives a lock back.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="range">Its range.</param>
    public unsafe void Unlock(FileLockKind kind, FileRange range)
    {
        using Waiter waiter = new(); // needs none: unlocking never waits
        using DescriptorLease lease = new(_descriptor);
        if (kind == FileLockKind.Flock)
        {
            _ = waiter.Run(new FlockCall(lease.Value, Libc.LOCK_UN), Deadline.NoWait, out _);
            return;
        }

        Libc.flock_t request = Request(range, Libc.F_UNLCK);
        _ = kind == FileLockKind.Record
            ? waiter.Run(new RecordCall(lease.Value, &request), Deadline.NoWait, out _)
            : waiter.Run(new RangeCall(lease.Value, &request), Deadline.NoWait, out _);
    }

    /// <summary>
    /// Whether a lock would have to wait for anybody, this process with its other openings included. The kernel tells for ranges; flock(2) can only be
    /// tried, so it is held for an instant where it is free.
    /// </summary>
    /// <param name="kind">The kind of lock.</param>
    /// <param name="range">Its range.</param>
    /// <param name="shared">Shared, or else exclusive.</param>
    public unsafe bool WouldWait(FileLockKind kind, FileRange range, bool shared)
    {
        if (kind == FileLockKind.Flock)
        {
            using Waiter waiter = new();
            if (Lock(kind, range, shared, waiter, Deadline.NoWait) != WaitStatus.Done)
            {
                return true;
            }

            Unlock(kind, range);
            return false;
        }

        using DescriptorLease lease = new(_descriptor);
        Libc.flock_t request = Request(range, shared ? Libc.F_RDLCK : Libc.F_WRLCK);
        return Libc.fcntl(lease.Value, Libc.F_OFD_GETLK, &request) == 0
            ? request.l_type != Libc.F_UNLCK
            : throw new IpcException("fcntl(F_OFD_GETLK)", (Errno)System.Runtime.InteropServices.Marshal.GetLastSystemError());
    }

    /// <summary>Closes the file; see the remarks for what locks go with it.</summary>
    public void Dispose() => _descriptor.Dispose();

    private static unsafe SafeDescriptor Open(string path, int flags)
    {
        const uint ownerOnly = 0x180; // 0600

        // Should it have become a FIFO or a terminal meanwhile, opening it neither waits nor takes it over.
        int safe = Libc.O_NOFOLLOW | Libc.O_CLOEXEC | Libc.O_NOCTTY | Libc.O_NONBLOCK;
        fixed (byte* name = NativeString.Encode(path))
        {
            return new SafeDescriptor(Libc.open(name, flags | safe, ownerOnly));
        }
    }

    private static LockFile Adopt(SafeDescriptor descriptor)
    {
        try
        {
            return new LockFile(descriptor, FileStatus.Of(descriptor));
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static (ulong Device, ulong Inode) IdentityOf(FileStatus status) => status.Type switch
    {
        Libc.S_IFREG => status.Identity,
        Libc.S_IFLNK => throw new IpcException("open(lock)", Errno.ELOOP),
        _ => throw new IpcException("open(lock file)", Errno.EINVAL),
    };

    private static Libc.flock_t Request(FileRange range, short type) => new()
    {
        l_type = type,
        l_whence = Libc.SEEK_SET,
        l_start = range.Start,
        l_len = range.Length,
    };

    private readonly struct FlockCall(int descriptor, int operation) : IBlockingCall
    {
        public static string Name => "flock";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block) => Libc.flock(descriptor, block ? operation : operation | Libc.LOCK_NB);
    }

    private readonly unsafe struct RangeCall(int descriptor, Libc.flock_t* request) : IBlockingCall
    {
        public static string Name => "fcntl(F_OFD_SETLK)";

        public static bool IsWouldBlock(Errno errno) => errno is Errno.EAGAIN or Errno.EACCES;

        public nint Invoke(bool block) => Libc.fcntl(descriptor, block ? Libc.F_OFD_SETLKW : Libc.F_OFD_SETLK, request);
    }

    private readonly unsafe struct RecordCall(int descriptor, Libc.flock_t* request) : IBlockingCall
    {
        public static string Name => "fcntl(F_SETLK)";

        public static bool IsWouldBlock(Errno errno) => errno is Errno.EAGAIN or Errno.EACCES;

        public nint Invoke(bool block) => Libc.fcntl(descriptor, block ? Libc.F_SETLKW : Libc.F_SETLK, request);
    }
}
