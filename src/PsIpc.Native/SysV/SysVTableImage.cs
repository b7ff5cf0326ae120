using System;
using System.Collections.Generic;
using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>Which of the kernel's three System V tables.</summary>
public enum SysVTable
{
    /// <summary>Message queues.</summary>
    MessageQueues,

    /// <summary>Shared memory segments.</summary>
    SharedMemory,

    /// <summary>Semaphore sets.</summary>
    Semaphores,
}

/// <summary>
/// What a System V table was like when it was last looked at, slot by slot: tells which objects came, went and changed since, by one call
/// a slot, and allocates nothing while nothing changes. The kernel tells nobody of these changes; who wants to know has to look.
/// </summary>
/// <remarks>
/// A change is one of owner, group, mode, key; of a queue, messages, bytes and room; of a segment, attachments, locking and removal; of a set,
/// values, where they may be read. Times do not count, nor who waits, nor what was as before when it was looked at again.
/// </remarks>
public sealed class SysVTableImage
{
    private const ulong Prime = 0x100000001B3; // FNV-1a, a word at a time
    private readonly SysVTable _table;
    private int[] _ids = [];
    private ulong[] _marks = [];
    private ushort[] _values = new ushort[64];
    private int _used; // slots that are filled in

    /// <summary>Makes an image of an empty table.</summary>
    /// <param name="table">Which.</param>
    public SysVTableImage(SysVTable table) => _table = table;

    /// <summary>Looks at the table again.</summary>
    /// <param name="came">Is filled with the ids of new objects.</param>
    /// <param name="went">Is filled with the ids of those that are gone; one whose slot has got another object is in both.</param>
    /// <param name="changed">Is filled with the ids of those that are not as before.</param>
    /// <exception cref="IpcException">The table cannot be read.</exception>
    public void Update(ICollection<int> came, ICollection<int> went, ICollection<int> changed)
    {
        ArgumentNullException.ThrowIfNull(came);
        ArgumentNullException.ThrowIfNull(went);
        ArgumentNullException.ThrowIfNull(changed);
        int slots = HighestIndex() + 1;
        if (slots > _ids.Length)
        {
            Array.Resize(ref _ids, Math.Max(slots, _ids.Length * 2));
            Array.Resize(ref _marks, _ids.Length);
        }

        for (int index = 0; index < Math.Max(slots, _used); index++)
        {
            int before = index < _used ? _ids[index] : -1;
            ulong mark = 0;
            int now = index < slots ? Look(index, out mark) : -1;
            if (now != before)
            {
                if (before >= 0)
                {
                    went.Add(before);
                }

                if (now >= 0)
                {
                    came.Add(now);
                }
            }
            else if (now >= 0 && mark != _marks[index])
            {
                changed.Add(now);
            }

            if (index < slots)
            {
                (_ids[index], _marks[index]) = (now, mark);
            }
        }

        _used = slots;
    }

    private unsafe int HighestIndex()
    {
        switch (_table)
        {
            case SysVTable.MessageQueues:
                Libc.msginfo queues;
                return IpcException.Check(Libc.msgctl(0, Libc.MSG_INFO, &queues), "msgctl(MSG_INFO)");
            case SysVTable.SharedMemory:
                Libc.shm_info segments;
                return IpcException.Check(Libc.shmctl(0, Libc.SHM_INFO, &segments), "shmctl(SHM_INFO)");
            default:
                Libc.seminfo sets;
                return IpcException.Check(Libc.semctl(0, 0, Libc.SEM_INFO, (nint)(&sets)), "semctl(SEM_INFO)");
        }
    }

    /// <summary>The id in a slot, -1 in an empty one.</summary>
    private int Look(int index, out ulong mark) => _table switch
    {
        SysVTable.MessageQueues => LookAtQueue(index, out mark),
        SysVTable.SharedMemory => LookAtSegment(index, out mark),
        _ => LookAtSet(index, out mark),
    };

    private static unsafe int LookAtQueue(int index, out ulong mark)
    {
        Libc.msqid_ds status;
        int id = Checked(Libc.msgctl(index, Libc.MSG_STAT_ANY, &status), "msgctl(MSG_STAT_ANY)");
        mark = id < 0 ? 0 : With(With(With(Of(status.msg_perm), (ulong)status.msg_qnum), (ulong)status.msg_cbytes), (ulong)status.msg_qbytes);
        return id;
    }

    private static unsafe int LookAtSegment(int index, out ulong mark)
    {
        Libc.shmid_ds status;
        int id = Checked(Libc.shmctl(index, Libc.SHM_STAT_ANY, &status), "shmctl(SHM_STAT_ANY)");
        mark = id < 0 ? 0 : With(Of(status.shm_perm), (ulong)status.shm_nattch);
        return id;
    }

    private unsafe int LookAtSet(int index, out ulong mark)
    {
        SysVSemaphoreBuffer status;
        int id = Checked(Libc.semctl(index, 0, Libc.SEM_STAT_ANY, (nint)(&status)), "semctl(SEM_STAT_ANY)");
        mark = id < 0 ? 0 : Of(status.Permissions);
        if (id < 0)
        {
            return id;
        }

        int count = status.Count;
        if (count > _values.Length)
        {
            Array.Resize(ref _values, count);
        }

        fixed (ushort* values = _values)
        {
            if (Libc.semctl(id, 0, Libc.GETALL, (nint)values) < 0)
            {
                return id; // not to be read, or just removed
            }
        }

        foreach (ushort value in _values.AsSpan(0, count))
        {
            mark = With(mark, value);
        }

        return id;
    }

    /// <summary>EINVAL, EIDRM: an empty slot, or one that was just emptied.</summary>
    private static int Checked(int id, string call) =>
        id >= 0 ? id : Libc.LastErrno is Errno.EINVAL or Errno.EIDRM ? -1 : throw IpcException.Last(call);

    private static ulong Of(in Libc.ipc_perm permissions) =>
        With(With(With(With(0xCBF29CE484222325, (uint)permissions.__key), permissions.uid), permissions.gid), permissions.mode);

    private static ulong With(ulong mark, ulong value)
    {
        mark = (mark ^ value) * Prime;
        return mark ^ (mark >> 29); // so that the upper bits come down again
    }
}
