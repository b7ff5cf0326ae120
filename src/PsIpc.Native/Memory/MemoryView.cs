using System;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Memory;

/// <summary>
/// A part of shared memory in the address space of this process: mmap(2), shmat(2). Memory that others make shorter gives errors
/// here, and so does a page for which there is no room; neither ends the process.
/// </summary>
/// <remarks>
/// How: the access is made by code that survives the lack of a page (<see cref="FaultGuard"/>). Where the system refuses such code, the kernel
/// copies (process_vm_readv), which survives as well; only updates do not. System V segments and memory sealed against shrinking keep their size, but
/// not even their pages must be there: huge ones that nobody reserved. Of other memory the size is looked at before each access as well.
/// </remarks>
public sealed unsafe class MemoryView : IMemory, IDisposable
{
    private readonly SafeMapping _mapping;
    private readonly long _skew;
    private readonly SafeDescriptor? _watched;
    private readonly long _offset;
    private readonly FaultGuard? _guard;
    private readonly bool _isHuge;

    /// <param name="mapping">The pages.</param>
    /// <param name="skew">Where in them the view begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="canWrite">Whether they may be written to.</param>
    /// <param name="watched">The file that may become shorter; null of what cannot.</param>
    /// <param name="offset">Where in that the view begins.</param>
    /// <param name="guard">What keeps the process alive when a page is not there; null where there is no such thing.</param>
    /// <param name="isHuge">Whether pages that are not there are huge ones.</param>
    internal MemoryView(SafeMapping mapping, long skew, long length, bool canWrite, SafeDescriptor? watched, long offset, FaultGuard? guard, bool isHuge)
    {
        _mapping = mapping;
        _skew = skew;
        Length = length;
        CanWrite = canWrite;
        _watched = watched;
        _offset = offset;
        _guard = guard;
        _isHuge = isHuge;
    }

    /// <summary>Bytes that were mapped; the memory behind them may have become fewer.</summary>
    public long Length { get; }

    /// <summary>Device and inode of what has a descriptor, which tell it from another; null of a segment.</summary>
    public (ulong Device, ulong Inode)? Identity { get; internal init; }

    /// <summary>Whether it may be written to.</summary>
    public bool CanWrite { get; }

    /// <summary>Whether the memory may become shorter than the view.</summary>
    public bool CanShrink => _watched is not null;

    /// <summary>Whether it was given back.</summary>
    public bool IsClosed => _mapping.IsClosed;

    /// <summary>Where the view begins in this process, as /proc/self/maps shows it; 0 once it is closed.</summary>
    public long Address => IsClosed ? 0 : (long)_mapping.Address + _skew;

    /// <summary>Attaches a part of a System V segment: shmat(2).</summary>
    /// <param name="id">The segment.</param>
    /// <param name="readOnly">Whether it is only to be read.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is; null for all that is left.</param>
    /// <exception cref="IpcException">EINVAL, EIDRM: there is no such segment; EACCES: no permission; EINVAL ("shmat(range)"): it is shorter than that.</exception>
    public static MemoryView Attach(int id, bool readOnly, long offset, long? length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        SafeMapping mapping = SafeMapping.Attach(id, readOnly);
        try
        {
            Libc.shmid_ds status;
            _ = IpcException.Check(Libc.shmctl(id, Libc.IPC_STAT, &status), "shmctl(IPC_STAT)");
            long size = (long)status.shm_segsz;
            long bytes = length ?? size - offset;
            return bytes > 0 && offset <= size - bytes
                ? new MemoryView(mapping, offset, bytes, !readOnly, null, offset, FaultGuard.Instance, isHuge: true) // there are always ordinary ones: the kernel ends somebody for them
                : throw new IpcException("shmat(range)", Errno.EINVAL);
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public void Read(Span<byte> bytes, long offset)
    {
        fixed (byte* to = bytes)
        {
            Copy(to, offset, bytes.Length, write: false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (!CanWrite)
        {
            throw new IpcException("memory(read-only)", Errno.EACCES);
        }

        fixed (byte* from = bytes)
        {
            Copy(from, offset, bytes.Length, write: true);
        }
    }

    /// <summary>Changes a cell in one step that no other process can get between, and tells what was in it.</summary>
    /// <param name="offset">Where the cell is: a multiple of its width in the memory, not only in the view.</param>
    /// <param name="width">Its bytes: 4 or 8.</param>
    /// <param name="update">How.</param>
    /// <param name="value">The number to add or to put there; of 4 bytes the lower half counts.</param>
    /// <param name="expected">The value that CompareExchange expects.</param>
    /// <returns>What was in the cell; of 4 bytes without sign.</returns>
    /// <exception cref="IpcException">EFAULT ("memory"): there is no such cell, or no more; EINVAL ("memory(alignment)"); EACCES: the view is read-only.</exception>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public long Update(long offset, int width, MemoryUpdate update, long value, long expected)
    {
        if (width is not (sizeof(int) or sizeof(long)))
        {
            throw new ArgumentOutOfRangeException(nameof(width));
        }

        if (!CanWrite)
        {
            throw new IpcException("memory(read-only)", Errno.EACCES);
        }

        bool held = false;
        try
        {
            byte* cell = Hold(offset, width, ref held);
            if ((nint)cell % width != 0)
            {
                throw new IpcException("memory(alignment)", Errno.EINVAL);
            }

            return _guard is null ? UpdateDirectly(cell, width, update, value, expected) : UpdateGuarded(_guard, cell, offset, width, update, value, expected);
        }
        finally
        {
            if (held)
            {
                _mapping.DangerousRelease();
            }
        }
    }

    /// <summary>Writes to the disk what was written to this part of a file: msync(2). Of memory there is nothing to write.</summary>
    /// <exception cref="IpcException">EIO, ENOSPC: the disk failed, or is full.</exception>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public void Synchronize()
    {
        bool held = false;
        try
        {
            _mapping.DangerousAddRef(ref held);
            long begin = _skew / Environment.SystemPageSize * Environment.SystemPageSize;
            _ = IpcException.Check(Libc.msync((byte*)_mapping.Address + begin, (nuint)(_skew - begin + Length), Libc.MS_SYNC), "msync");
        }
        finally
        {
            if (held)
            {
                _mapping.DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mapping.Dispose();
        _watched?.Dispose();
    }

    private static long UpdateDirectly(byte* cell, int width, MemoryUpdate update, long value, long expected) => (update, width) switch
    {
        (MemoryUpdate.Add, sizeof(int)) => (uint)(Interlocked.Add(ref *(int*)cell, (int)value) - (int)value),
        (MemoryUpdate.Add, _) => Interlocked.Add(ref *(long*)cell, value) - value,
        (MemoryUpdate.Exchange, sizeof(int)) => (uint)Interlocked.Exchange(ref *(int*)cell, (int)value),
        (MemoryUpdate.Exchange, _) => Interlocked.Exchange(ref *(long*)cell, value),
        (_, sizeof(int)) => (uint)Interlocked.CompareExchange(ref *(int*)cell, (int)value, (int)expected),
        _ => Interlocked.CompareExchange(ref *(long*)cell, value, expected),
    };

    private long UpdateGuarded(FaultGuard guard, byte* cell, long offset, int width, MemoryUpdate update, long value, long expected)
    {
        FaultGuard.Entry entry = (update, width) switch
        {
            (MemoryUpdate.Add, sizeof(int)) => FaultGuard.Entry.Add32,
            (MemoryUpdate.Add, _) => FaultGuard.Entry.Add64,
            (MemoryUpdate.Exchange, sizeof(int)) => FaultGuard.Entry.Exchange32,
            (MemoryUpdate.Exchange, _) => FaultGuard.Entry.Exchange64,
            (_, sizeof(int)) => FaultGuard.Entry.Compare32,
            _ => FaultGuard.Entry.Compare64,
        };
        long old = 0;
        return guard.Try(entry, cell, (nint)value, (nint)expected, &old) ? old : throw Missing(offset, width);
    }

    /// <summary>Holds the mapping and tells where an offset is in it, if the memory still has as many bytes there.</summary>
    private byte* Hold(long offset, long length, ref bool held)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        _mapping.DangerousAddRef(ref held);
        if (IsBeyond(offset, length))
        {
            throw new IpcException("memory", Errno.EFAULT);
        }

        return (byte*)_mapping.Address + _skew + offset;
    }

    private bool IsBeyond(long offset, long length) =>
        offset > Length - length || (_watched is not null && _offset + offset > FileStatus.Of(_watched).Size - length);

    /// <summary>Why a page was not there: the memory has become shorter, or is as long as it was, and a page of it cannot be had.</summary>
    private IpcException Missing(long offset, long length) =>
        IsBeyond(offset, length) ? new IpcException("memory", Errno.EFAULT)
        : _isHuge ? new IpcException("memory(huge page)", Errno.ENOSPC)
        : _watched is null || IsFull(_watched) ? new IpcException("memory(page)", Errno.ENOSPC)
        : new IpcException("memory", Errno.EFAULT); // shorter for a moment, and long again by now

    private static bool IsFull(SafeDescriptor file)
    {
        Libc.statfs_buf system;
        return Libc.fstatfs(file, &system) == 0 && system.f_blocks > 0 && system.f_bavail == 0;
    }

    private void Copy(byte* buffer, long offset, int length, bool write)
    {
        bool held = false;
        try
        {
            byte* memory = Hold(offset, length, ref held);
            bool isWord = length is sizeof(int) or sizeof(long) && (nint)memory % length == 0;
            if (_guard is null ? !CopyByKernel(memory, buffer, length, write) : !CopyGuarded(_guard, memory, buffer, length, write, isWord))
            {
                throw Missing(offset, length);
            }
        }
        finally
        {
            if (held)
            {
                _mapping.DangerousRelease();
            }
        }
    }

    /// <summary>A word that lies where a word belongs is copied whole: nobody sees half of it.</summary>
    private static bool CopyGuarded(FaultGuard guard, byte* memory, byte* buffer, int length, bool write, bool isWord)
    {
        if (!isWord)
        {
            return write
                ? guard.Try(FaultGuard.Entry.Copy, memory, (nint)buffer, length, null)
                : guard.Try(FaultGuard.Entry.Copy, buffer, (nint)memory, length, null);
        }

        bool isInt = length == sizeof(int);
        if (write)
        {
            nint word = isInt ? *(int*)buffer : (nint)(*(long*)buffer);
            return guard.Try(isInt ? FaultGuard.Entry.Store32 : FaultGuard.Entry.Store64, memory, word, 0, null);
        }

        long value = 0;
        bool done = guard.Try(isInt ? FaultGuard.Entry.Load32 : FaultGuard.Entry.Load64, memory, 0, 0, &value);
        new ReadOnlySpan<byte>(&value, length).CopyTo(new Span<byte>(buffer, length)); // little-endian, as both machines are
        return done;
    }

    private static bool CopyByKernel(byte* memory, byte* buffer, int length, bool write)
    {
        Libc.iovec local = new() { iov_base = buffer, iov_len = (nuint)length };
        Libc.iovec remote = new() { iov_base = memory, iov_len = (nuint)length };
        int self = Libc.getpid();
        nint count = write ? Libc.process_vm_writev(self, &local, 1, &remote, 1, 0) : Libc.process_vm_readv(self, &local, 1, &remote, 1, 0);
        return count == length || (count >= 0 || Libc.LastErrno == Errno.EFAULT ? false
            : throw IpcException.Last(write ? "process_vm_writev" : "process_vm_readv"));
    }
}
