using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>The System V segments of the current IPC namespace: what there are, and changing them as objects. See shmctl(2).</summary>
public static class SysVSharedMemoryTable
{
    /// <summary>Describes every segment of the namespace, whoever owns it (SHM_STAT_ANY, Linux 4.17).</summary>
    public static IEnumerable<SysVSharedMemoryStatus> Enumerate()
    {
        int highest = HighestIndex();
        for (int index = 0; index <= highest; index++)
        {
            if (TryGetAt(index) is { } status)
            {
                yield return status;
            }
        }
    }

    /// <summary>
    /// Bytes of each segment that are in memory and in swap, by its identifier: only the table in /proc tells. Empty where that is
    /// not mounted.
    /// </summary>
    public static Dictionary<int, (long Resident, long Swapped)> ReadUse()
    {
        const int idColumn = 1;
        const int residentColumn = 14;
        const int swappedColumn = 15;
        Dictionary<int, (long, long)> use = [];
        try
        {
            foreach (string line in File.ReadLines("/proc/sysvipc/shm"))
            {
                ReadOnlySpan<char> text = line;
                int id = -1;
                long resident = 0;
                int column = 0;
                foreach (Range range in text.SplitAny(' '))
                {
                    ReadOnlySpan<char> field = text[range];
                    if (field.IsEmpty)
                    {
                        continue;
                    }

                    switch (column++)
                    {
                        case idColumn:
                            id = int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1; // -1: the headings
                            break;
                        case residentColumn:
                            _ = long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out resident);
                            break;
                        case swappedColumn when id >= 0 && long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out long swapped):
                            use[id] = (resident, swapped);
                            break;
                        default:
                            break;
                    }
                }
            }
        }
        catch (IOException)
        {
            // no /proc
        }

        return use;
    }

    /// <summary>The identifier of a key's segment; null when there is none.</summary>
    /// <param name="key">Any number but 0.</param>
    public static int? Find(int key)
    {
        int id = key == 0 ? -1 : Libc.shmget(key, 0, 0);
        return id >= 0 ? id : null;
    }

    /// <summary>Describes a segment, whoever owns it; null when there is no such segment.</summary>
    /// <param name="id">Its identifier.</param>
    public static SysVSharedMemoryStatus? TryGet(int id)
    {
        // By its slot, which everybody may look into: IPC_STAT takes read permission.
        foreach (int index in SysVSlots.Of(id))
        {
            if (TryGetAt(index) is { } status && status.Id == id)
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>Sets owner and permission bits (IPC_SET); what is null stays as it is.</summary>
    /// <param name="id">The segment.</param>
    /// <param name="uid">New owner.</param>
    /// <param name="gid">New group.</param>
    /// <param name="mode">New permission bits.</param>
    /// <exception cref="IpcException">EPERM: neither owner nor creator; EINVAL, EIDRM: the segment is gone.</exception>
    public static unsafe void Set(int id, uint? uid, uint? gid, int? mode)
    {
        SysVSharedMemoryStatus now = TryGet(id) ?? throw new IpcException("shmctl(IPC_SET)", Errno.EINVAL);
        Libc.shmid_ds status = default;
        status.shm_perm.uid = uid ?? now.OwnerUid;
        status.shm_perm.gid = gid ?? now.OwnerGid;
        status.shm_perm.mode = (uint)(mode ?? now.Mode);
        _ = IpcException.Check(Libc.shmctl(id, Libc.IPC_SET, &status), "shmctl(IPC_SET)");
    }

    /// <summary>Keeps a segment's pages in memory, or lets them be swapped again (SHM_LOCK, SHM_UNLOCK).</summary>
    /// <param name="id">The segment.</param>
    /// <param name="locked">Which of the two.</param>
    /// <exception cref="IpcException">EPERM: not the owner, or nothing may be locked; ENOMEM: more than RLIMIT_MEMLOCK.</exception>
    public static unsafe void SetLocked(int id, bool locked) =>
        _ = IpcException.Check(Libc.shmctl(id, locked ? Libc.SHM_LOCK : Libc.SHM_UNLOCK, null), locked ? "shmctl(SHM_LOCK)" : "shmctl(SHM_UNLOCK)");

    /// <summary>Marks a segment for removal: its key is free at once, its memory when nobody has it attached any more (IPC_RMID).</summary>
    /// <param name="id">The segment.</param>
    /// <exception cref="IpcException">EPERM: neither owner nor creator; EINVAL, EIDRM: it is gone already.</exception>
    public static unsafe void Remove(int id) => _ = IpcException.Check(Libc.shmctl(id, Libc.IPC_RMID, null), "shmctl(IPC_RMID)");

    private static unsafe int HighestIndex()
    {
        Libc.shm_info info;
        return IpcException.Check(Libc.shmctl(0, Libc.SHM_INFO, &info), "shmctl(SHM_INFO)");
    }

    private static unsafe SysVSharedMemoryStatus? TryGetAt(int index)
    {
        Libc.shmid_ds status;
        int id = Libc.shmctl(index, Libc.SHM_STAT_ANY, &status);
        return id >= 0 ? new SysVSharedMemoryStatus(id, status)
            : Libc.LastErrno is Errno.EINVAL or Errno.EIDRM ? null // an empty slot, or one that was just emptied
            : throw IpcException.Last("shmctl(SHM_STAT_ANY)");
    }
}
