using System.Collections.Generic;
using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>The System V semaphore sets of the current IPC namespace: what there are, and changing them as objects. See semctl(2).</summary>
public static class SysVSemaphoreTable
{
    /// <summary>Describes every set of the namespace, whoever owns it (SEM_STAT_ANY, Linux 4.17).</summary>
    public static IEnumerable<SysVSemaphoreSetStatus> Enumerate()
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

    /// <summary>The identifier of a key's set; null when there is none.</summary>
    /// <param name="key">Any number but 0.</param>
    public static int? Find(int key)
    {
        int id = key == 0 ? -1 : Libc.semget(key, 0, 0);
        return id >= 0 ? id : null;
    }

    /// <summary>Describes a set, whoever owns it; null when there is no such set.</summary>
    /// <param name="id">Its identifier.</param>
    public static SysVSemaphoreSetStatus? TryGet(int id)
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
    /// <param name="id">The set.</param>
    /// <param name="uid">New owner.</param>
    /// <param name="gid">New group.</param>
    /// <param name="mode">New permission bits.</param>
    /// <exception cref="IpcException">EPERM: neither owner nor creator; EINVAL, EIDRM: the set is gone.</exception>
    public static unsafe void Set(int id, uint? uid, uint? gid, int? mode)
    {
        SysVSemaphoreSetStatus now = TryGet(id) ?? throw new IpcException("semctl(IPC_SET)", Errno.EINVAL);
        SysVSemaphoreBuffer status = new(uid ?? now.OwnerUid, gid ?? now.OwnerGid, mode ?? now.Mode);
        _ = IpcException.Check(Libc.semctl(id, 0, Libc.IPC_SET, (nint)(&status)), "semctl(IPC_SET)");
    }

    /// <summary>Removes a set; whoever waits in it gets EIDRM (IPC_RMID).</summary>
    /// <param name="id">The set.</param>
    /// <exception cref="IpcException">EPERM: neither owner nor creator; EINVAL, EIDRM: it is gone already.</exception>
    public static void Remove(int id) => _ = IpcException.Check(Libc.semctl(id, 0, Libc.IPC_RMID, 0), "semctl(IPC_RMID)");

    private static unsafe int HighestIndex()
    {
        Libc.seminfo info;
        return IpcException.Check(Libc.semctl(0, 0, Libc.SEM_INFO, (nint)(&info)), "semctl(SEM_INFO)");
    }

    private static unsafe SysVSemaphoreSetStatus? TryGetAt(int index)
    {
        SysVSemaphoreBuffer status;
        int id = Libc.semctl(index, 0, Libc.SEM_STAT_ANY, (nint)(&status));
        if (id < 0)
        {
            return Libc.LastErrno is Errno.EINVAL or Errno.EIDRM ? null : throw IpcException.Last("semctl(SEM_STAT_ANY)");
        }

        return TryRead(id, status.Count, out SysVSemaphoreElementStatus[]? elements)
            ? new SysVSemaphoreSetStatus(id, status, elements)
            : null;
    }

    /// <summary>Reads the semaphores of a set; false when it has just been removed.</summary>
    private static unsafe bool TryRead(int id, int count, out SysVSemaphoreElementStatus[]? elements)
    {
        elements = null;
        ushort[] values = new ushort[count];
        fixed (ushort* array = values)
        {
            if (Libc.semctl(id, 0, Libc.GETALL, (nint)array) < 0)
            {
                return Libc.LastErrno switch
                {
                    Errno.EACCES => true,
                    Errno.EINVAL or Errno.EIDRM => false,
                    _ => throw IpcException.Last("semctl(GETALL)"),
                };
            }
        }

        elements = new SysVSemaphoreElementStatus[count];
        for (int number = 0; number < count; number++)
        {
            int waitingForIncrease = Libc.semctl(id, number, Libc.GETNCNT, 0);
            int waitingForZero = Libc.semctl(id, number, Libc.GETZCNT, 0);
            int lastPid = Libc.semctl(id, number, Libc.GETPID, 0);
            if (waitingForIncrease < 0 || waitingForZero < 0 || lastPid < 0)
            {
                return false; // removed, or its permissions taken away, in this instant
            }

            elements[number] = new SysVSemaphoreElementStatus(values[number], waitingForIncrease, waitingForZero, lastPid);
        }

        return true;
    }
}
