using System;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Memory;

/// <summary>Makes System V shared memory segments: shmget(2). What is done with one by its identifier is in the table of segments.</summary>
public static class SysVSegment
{
    /// <summary>Makes a segment.</summary>
    /// <param name="key">Its key; null for one that is reached by its identifier alone (IPC_PRIVATE).</param>
    /// <param name="size">Bytes; above 0.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <param name="hugePages">Whether its pages are to be huge ones (SHM_HUGETLB).</param>
    /// <param name="isSparse">Whether the kernel is not to count it against the memory that it has promised (SHM_NORESERVE).</param>
    /// <returns>Its identifier.</returns>
    /// <exception cref="IpcException">
    /// EEXIST: the key has one; EINVAL: above SHMMAX; ENOSPC: SHMMNI segments, or SHMALL pages, exist; ENOMEM: no memory, with huge pages ("shmget(huge)") not as many
    /// of these; EPERM ("shmget(huge)"): huge pages take CAP_IPC_LOCK or the group of vm.hugetlb_shm_group.
    /// </exception>
    public static int Create(int? key, long size, int mode, bool hugePages, bool isSparse)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (key is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfZero(number);
        }

        int flags = Libc.IPC_CREAT | Libc.IPC_EXCL | mode | (hugePages ? Libc.SHM_HUGETLB : 0) | (isSparse ? Libc.SHM_NORESERVE : 0);
        int id = Libc.shmget(key ?? Libc.IPC_PRIVATE, (nuint)size, flags);
        return id >= 0 ? id : throw IpcException.Last(hugePages && Libc.LastErrno is Errno.ENOMEM or Errno.EPERM ? "shmget(huge)" : "shmget(IPC_CREAT)");
    }
}
