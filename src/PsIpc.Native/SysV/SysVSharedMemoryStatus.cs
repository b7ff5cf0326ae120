using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>A System V shared memory segment as the kernel describes it: struct shmid_ds of shmctl(2).</summary>
public sealed record SysVSharedMemoryStatus : SysVObjectStatus
{
    internal SysVSharedMemoryStatus(int id, in Libc.shmid_ds status)
        : base(id, status.shm_perm, status.shm_ctime)
    {
        IsMarkedForRemoval = (status.shm_perm.mode & Libc.SHM_DEST) != 0;
        IsLocked = (status.shm_perm.mode & Libc.SHM_LOCKED) != 0;
        Size = (long)status.shm_segsz;
        AttachCount = (long)status.shm_nattch;
        CreatorPid = status.shm_cpid;
        LastPid = status.shm_lpid;
        AttachTime = status.shm_atime;
        DetachTime = status.shm_dtime;
    }

    /// <summary>Whether it goes with its last attachment (SHM_DEST).</summary>
    public bool IsMarkedForRemoval { get; }

    /// <summary>Whether its pages stay in memory (SHM_LOCK).</summary>
    public bool IsLocked { get; }

    /// <summary>Bytes, as they were asked for.</summary>
    public long Size { get; }

    /// <summary>How often it is attached now.</summary>
    public long AttachCount { get; }

    /// <summary>Who made it.</summary>
    public int CreatorPid { get; }

    /// <summary>Who attached or detached it last; 0 when nobody did.</summary>
    public int LastPid { get; }

    /// <summary>When somebody attached it last, in seconds since 1970; 0 when nobody did.</summary>
    public long AttachTime { get; }

    /// <summary>When somebody detached it last, in seconds since 1970; 0 when nobody did.</summary>
    public long DetachTime { get; }
}
