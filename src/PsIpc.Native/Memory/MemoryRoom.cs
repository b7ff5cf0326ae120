using System;
using System.Globalization;
using System.IO;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Memory;

/// <summary>Gives files in memory and on disks their size, and the room for it before anybody touches a page: who touches one that cannot be had is killed.</summary>
internal static class MemoryRoom
{
    /// <summary>Bytes that are reserved at a time, so that a reservation can be stopped.</summary>
    private const long Step = 128L << 20;

    private const nint TmpfsMagic = 0x01021994;

    /// <summary>Makes a file longer, or shorter.</summary>
    /// <param name="file">A file that is open to be written to.</param>
    /// <param name="from">Its size now.</param>
    /// <param name="to">Its size then.</param>
    /// <param name="isSparse">Whether to leave it to the first touch of a page to find room for it.</param>
    /// <param name="waiter">Stops a reservation.</param>
    /// <exception cref="IpcException">ENOSPC, ENOMEM: no room; EPERM: it is sealed; EFBIG: longer than its file system can have files, or this process may make them.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the file has its old size.</exception>
    internal static unsafe void Resize(SafeDescriptor file, long from, long to, bool isSparse, Waiter waiter)
    {
        Libc.statfs_buf system;
        _ = IpcException.Check(Libc.fstatfs(file, &system), "fstatfs");
        bool isHuge = system.f_type == Libc.HUGETLBFS_MAGIC;
        if (isHuge && to % system.f_bsize != 0)
        {
            throw new IpcException("ftruncate(huge)", Errno.EINVAL);
        }

        if (to > from)
        {
            FileSizeLimit.Check(to, "ftruncate");
        }

        if (to <= from || isSparse)
        {
            _ = IpcException.Check(Libc.ftruncate(file, to), "ftruncate");
            return;
        }

        CheckRoom(to - from, system, isHuge);
        if (isHuge)
        {
            _ = IpcException.Check(Libc.ftruncate(file, to), "ftruncate"); // fallocate alone does not set the size there before Linux 6
        }

        try
        {
            Reserve(file, from, to, isHuge ? "fallocate(huge)" : "fallocate", waiter);
        }
        catch
        {
            _ = Libc.ftruncate(file, from);
            throw;
        }
    }

    private static void Reserve(SafeDescriptor file, long from, long to, string call, Waiter waiter)
    {
        for (long done = from; done < to;)
        {
            if (waiter.IsCancelled)
            {
                throw new OperationCanceledException();
            }

            long next = Math.Min(to, done + Step);
            if (Libc.fallocate(file, 0, done, next - done) == 0)
            {
                done = next;
                continue;
            }

            switch (Libc.LastErrno)
            {
                case Errno.EINTR:
                    break;
                case Errno.EOPNOTSUPP: // NFS, FAT: no way to reserve
                    _ = IpcException.Check(Libc.ftruncate(file, to), "ftruncate");
                    return;
                default:
                    throw IpcException.Last(call);
            }
        }
    }

    /// <summary>What would fail half way, or have the kernel end some process for want of memory, is refused at once.</summary>
    private static void CheckRoom(long bytes, in Libc.statfs_buf system, bool isHuge)
    {
        if (system.f_blocks > 0 && (ulong)bytes / (ulong)system.f_bsize > system.f_bavail)
        {
            throw new IpcException(isHuge ? "fallocate(huge)" : "fallocate", Errno.ENOSPC);
        }

        if (system.f_type == TmpfsMagic && bytes > AvailableMemory())
        {
            throw new IpcException("fallocate", Errno.ENOMEM);
        }
    }

    /// <summary>Bytes that the system could find without ending anything; all there are where it does not say.</summary>
    private static long AvailableMemory()
    {
        long kibibytes = 0;
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
            {
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal) || line.StartsWith("SwapFree:", StringComparison.Ordinal))
                {
                    ReadOnlySpan<char> number = line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim();
                    kibibytes += long.Parse(number[..number.IndexOf(' ')], CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            return long.MaxValue; // no /proc
        }

        return kibibytes > 0 ? kibibytes * 1024 : long.MaxValue;
    }
}
