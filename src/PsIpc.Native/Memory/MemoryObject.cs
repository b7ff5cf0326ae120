using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Memory;

/// <summary>
/// Shared memory with a descriptor, open: a POSIX object, a file, or memory without a name. It is read and written by system calls
/// that end at its end, wherever that is by then. See shm_overview(7), memfd_create(2).
/// </summary>
public sealed class MemoryObject : IMemory, IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600
    private const string Directory = "/dev/shm";
    private const string WrongType = "memory(type)";
    private readonly bool _isHuge;
    private readonly long _block;

    private unsafe MemoryObject(SafeDescriptor descriptor)
    {
        Descriptor = descriptor;
        FileStatus status = FileStatus.Of(descriptor);
        if (status.Type != Libc.S_IFREG)
        {
            throw new IpcException(WrongType, Errno.EINVAL);
        }

        Identity = status.Identity;
        Libc.statfs_buf system;
        _isHuge = Libc.fstatfs(descriptor, &system) == 0 && system.f_type == Libc.HUGETLBFS_MAGIC;
        _block = _isHuge ? system.f_bsize : Environment.SystemPageSize;
    }

    /// <summary>The descriptor.</summary>
    public SafeDescriptor Descriptor { get; }

    /// <summary>Device and inode, which tell it from a namesake.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <inheritdoc/>
    public long Length => FileStatus.Of(Descriptor).Size;

    /// <summary>Whether its pages are huge ones. Such memory is written through a view alone: the kernel has no write(2) for it.</summary>
    public bool HasHugePages => _isHuge;

    /// <summary>What can never be done with it; null of what cannot be sealed: all but memory without a name.</summary>
    public MemorySeals? Seals => Libc.fcntl(Descriptor, Libc.F_GET_SEALS, 0) is >= 0 and var seals
        ? (MemorySeals)seals & (MemorySeals.Seal | MemorySeals.Shrink | MemorySeals.Grow | MemorySeals.Write | MemorySeals.FutureWrite)
        : null;

    /// <summary>Makes a POSIX object, with exactly the given permission bits. It appears under its name only when it has its size.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="size">Bytes; above 0.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <param name="isSparse">Whether pages are to be found only when they are touched.</param>
    /// <param name="waiter">Stops it while it reserves memory.</param>
    /// <exception cref="IpcException">EEXIST: there is one; ENOSPC: /dev/shm is full; ENOMEM: the system has not as much memory; EACCES; ENOENT: no /dev/shm.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static unsafe MemoryObject CreatePosix(string name, long size, int mode, bool isSparse, Waiter waiter)
    {
        const string call = "shm_open(O_CREAT)";
        ArgumentNullException.ThrowIfNull(name);
        return Complete(Open(Directory, Libc.O_TMPFILE | Libc.O_RDWR, OwnerOnly, call), size, mode, isSparse, waiter, file =>
        {
            using DescriptorLease lease = new(file);
            fixed (byte* from = NativeString.Encode($"/proc/self/fd/{lease.Value}"))
            fixed (byte* to = NativeString.Encode(Directory + name))
            {
                _ = IpcException.Check(Libc.linkat(Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, Libc.AT_SYMLINK_FOLLOW), call);
            }
        });
    }

    /// <summary>Opens a POSIX object: shm_open(3).</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="canWrite">Whether it is to be written to.</param>
    /// <exception cref="IpcException">ENOENT: there is none; EACCES: no permission; EINVAL ("memory(type)"): what has its name is no file.</exception>
    public static MemoryObject OpenPosix(string name, bool canWrite) =>
        Of(Open(Directory + name, Access(canWrite) | Libc.O_NOFOLLOW, 0, "shm_open"));

    /// <summary>Makes a file, with exactly the given permission bits.</summary>
    /// <param name="path">Where. There must be nothing of that name.</param>
    /// <param name="size">Bytes; above 0.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <param name="isSparse">Whether blocks are to be found only when they are touched.</param>
    /// <param name="waiter">Stops it while it reserves blocks.</param>
    /// <exception cref="IpcException">EEXIST: there is something; ENOSPC: the disk is full; EACCES; ENOENT: no such directory.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static unsafe MemoryObject CreateFile(string path, long size, int mode, bool isSparse, Waiter waiter)
    {
        const string call = "open(O_CREAT)";
        SafeDescriptor file = Open(path, Libc.O_CREAT | Libc.O_EXCL | Libc.O_RDWR | Libc.O_NOFOLLOW, OwnerOnly, call);
        try
        {
            return Complete(file, size, mode, isSparse, waiter, null);
        }
        catch
        {
            fixed (byte* name = NativeString.Encode(path))
            {
                _ = Libc.unlink(name);
            }

            throw;
        }
    }

    /// <summary>Opens a file; what a link leads to is followed, /proc/self/fd included.</summary>
    /// <param name="path">Where.</param>
    /// <param name="canWrite">Whether it is to be written to.</param>
    /// <exception cref="IpcException">ENOENT, ENOTDIR: there is none; EACCES: no permission; EINVAL ("memory(type)"): it is no regular file.</exception>
    public static MemoryObject OpenFile(string path, bool canWrite)
    {
        try
        {
            return Of(Open(path, Access(canWrite), 0, "open(memory)"));
        }
        catch (IpcException e) when (e.Errno is Errno.EISDIR or Errno.ENXIO)
        {
            throw new IpcException(WrongType, Errno.EINVAL); // a directory, a FIFO that nobody reads, a socket
        }
    }

    /// <summary>Makes memory without a name, which goes with its last descriptor and mapping: memfd_create(2).</summary>
    /// <param name="label">What /proc shows it as.</param>
    /// <param name="size">Bytes; above 0.</param>
    /// <param name="hugePages">Whether its pages are to be huge ones: the size is then a multiple of theirs.</param>
    /// <param name="isSparse">Whether pages are to be found only when they are touched.</param>
    /// <param name="waiter">Stops it while it reserves memory.</param>
    /// <exception cref="IpcException">ENOSPC, ENOMEM ("fallocate(huge)"): there are not as many huge pages; ENOMEM: not as much memory.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static MemoryObject CreateAnonymous(string label, long size, bool hugePages, bool isSparse, Waiter waiter)
    {
        uint flags = Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING | (hugePages ? Libc.MFD_HUGETLB : 0);
        string call = hugePages ? "memfd_create(huge)" : "memfd_create";
        SafeDescriptor file = MemoryFile.Create(label, flags, call);
        return Complete(file, size, null, isSparse, waiter, null);
    }

    /// <summary>Takes a descriptor that is open already, received or inherited; it is closed with the object.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <exception cref="IpcException">EINVAL ("memory(type)"): it is of something that cannot be mapped.</exception>
    public static MemoryObject Of(SafeDescriptor descriptor)
    {
        try
        {
            return new MemoryObject(descriptor);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Adds seals: what they forbid is forbidden for good, to everybody.</summary>
    /// <param name="seals">The seals.</param>
    /// <exception cref="IpcException">EPERM: it is sealed against seals; EINVAL: it cannot be sealed, or this kernel does not know the seal; EBUSY: somebody has it mapped to write.</exception>
    public void AddSeals(MemorySeals seals) => _ = IpcException.Check(Libc.fcntl(Descriptor, Libc.F_ADD_SEALS, (int)seals), "fcntl(F_ADD_SEALS)");

    /// <summary>Gives it another size. Who has it mapped beyond, and touches that, is killed.</summary>
    /// <param name="size">Bytes, 0 or more.</param>
    /// <param name="isSparse">Whether further pages are to be found only when they are touched.</param>
    /// <param name="waiter">Stops it while it reserves memory; the size is then the old one.</param>
    /// <exception cref="IpcException">ENOSPC, ENOMEM: no room; EPERM: it is sealed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Resize(long size, bool isSparse, Waiter waiter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(waiter);
        MemoryRoom.Resize(Descriptor, Length, size, isSparse, waiter);
    }

    /// <inheritdoc/>
    public unsafe void Read(Span<byte> bytes, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        fixed (byte* buffer = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint count = Libc.pread(Descriptor, buffer + done, (nuint)(bytes.Length - done), offset + done);
                if (count == 0 || (count < 0 && Libc.LastErrno != Errno.EINTR))
                {
                    throw count == 0 ? new IpcException("memory", Errno.EFAULT) : IpcException.Last("pread");
                }

                done += (int)Math.Max(count, 0);
            }
        }
    }

    /// <inheritdoc/>
    public unsafe void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset > Length - bytes.Length) // pwrite would make it longer
        {
            throw new IpcException("memory", Errno.EFAULT);
        }

        if ((IpcException.Check(Libc.fcntl(Descriptor, Libc.F_GETFL, 0), "fcntl(F_GETFL)") & Libc.O_APPEND) != 0)
        {
            throw new IpcException("pwrite(O_APPEND)", Errno.EINVAL); // Linux writes to the end then, wherever it is told to
        }

        FileSizeLimit.Check(offset + bytes.Length, "pwrite");

        fixed (byte* buffer = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint count = Libc.pwrite(Descriptor, buffer + done, (nuint)(bytes.Length - done), offset + done);
                if (count < 0 && Libc.LastErrno != Errno.EINTR)
                {
                    throw IpcException.Last("pwrite");
                }

                done += (int)Math.Max(count, 0);
            }
        }
    }

    /// <summary>Maps a part of it.</summary>
    /// <param name="share">What is to be done with it.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is; above 0.</param>
    /// <exception cref="IpcException">
    /// EINVAL ("mmap(range)"): the memory is shorter than that; EACCES: it was not opened for that; EPERM: it is sealed; ENOMEM ("mmap(huge)"): there
    /// are not as many huge pages; ENOMEM: as many mappings as a process may have, or no addresses.
    /// </exception>
    public MemoryView Map(MemoryShare share, long offset, long length) => Map(share, offset, length, FaultGuard.Instance);

    /// <summary>The same, with what keeps the process alive when the memory becomes shorter; null where there is no such thing.</summary>
    internal MemoryView Map(MemoryShare share, long offset, long length, FaultGuard? guard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (offset > Length - length)
        {
            throw new IpcException("mmap(range)", Errno.EINVAL);
        }

        long begin = offset / _block * _block;
        long end = ((offset + length - 1) / _block * _block) + _block;
        bool canWrite = share != MemoryShare.ReadOnly;
        SafeMapping mapping;
        try
        {
            mapping = SafeMapping.Map(
                Descriptor,
                begin,
                (nuint)(end - begin),
                canWrite ? Libc.PROT_READ | Libc.PROT_WRITE : Libc.PROT_READ,
                share == MemoryShare.CopyOnWrite ? Libc.MAP_PRIVATE : Libc.MAP_SHARED);
        }
        catch (IpcException e) when (_isHuge && e.Errno == Errno.ENOMEM)
        {
            throw new IpcException("mmap(huge)", e.Errno);
        }

        try
        {
            SafeDescriptor? watched = Seals is { } seals && seals.HasFlag(MemorySeals.Shrink) ? null : Descriptor.Duplicate();
            return new MemoryView(mapping, offset - begin, length, canWrite, watched, offset, guard, _isHuge) { Identity = Identity };
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>Writes to the disk what was written to a file, by whomever; memory has none.</summary>
    /// <exception cref="IpcException">EIO, ENOSPC: the disk failed, or is full.</exception>
    public void Synchronize() => _ = IpcException.Check(Libc.fdatasync(Descriptor), "fdatasync");

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static int Access(bool canWrite) => (canWrite ? Libc.O_RDWR : Libc.O_RDONLY) | Libc.O_NONBLOCK | Libc.O_NOCTTY;

    private static MemoryObject Complete(
        SafeDescriptor file, long size, int? mode, bool isSparse, Waiter waiter, Action<SafeDescriptor>? publish)
    {
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
            ArgumentNullException.ThrowIfNull(waiter);
            MemoryRoom.Resize(file, 0, size, isSparse, waiter);
            if (mode is { } bits)
            {
                _ = IpcException.Check(Libc.fchmod(file, (uint)bits), "fchmod");
            }

            publish?.Invoke(file);
            return new MemoryObject(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static unsafe SafeDescriptor Open(string path, int flags, uint mode, string call)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return SafeDescriptor.Checked(Libc.open(name, flags | Libc.O_CLOEXEC, mode), call);
        }
    }
}
