using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>A System V shared memory segment as the kernel describes it: struct shmid_ds of shmctl(2).</summary>
public readonly record struct SysVSharedMemoryStatus
{
    internal SysVSharedMemoryStatus(int id, in Libc.shmid_ds status)
    {
        Id = id;
        Key = status.shm_perm.__key;
        Sequence = status.shm_perm.__seq;
        OwnerUid = status.shm_perm.uid;
        OwnerGid = status.shm_perm.gid;
        CreatorUid = status.shm_perm.cuid;
        CreatorGid = status.shm_perm.cgid;
        Mode = (int)status.shm_perm.mode & 0x1FF;
        IsMarkedForRemoval = (status.shm_perm.mode & Libc.SHM_DEST) != 0;
        IsLocked = (status.shm_perm.mode & Libc.SHM_LOCKED) != 0;
        Size = (long)status.shm_segsz;
        AttachCount = (long)status.shm_nattch;
        CreatorPid = status.shm_cpid;
        LastPid = status.shm_lpid;
        AttachTime = status.shm_atime;
        DetachTime = status.shm_dtime;
        ChangeTime = status.shm_ctime;
    }

    /// <summary>The identifier that calls take.</summary>
    public int Id { get; }

    /// <summary>The key it was made with; 0 for a private one, and for one that is marked for removal.</summary>
    public int Key { get; }

    /// <summary>Tells this segment from an earlier one in the same slot.</summary>
    public int Sequence { get; }

    /// <summary>Owner.</summary>
    public uint OwnerUid { get; }

    /// <summary>Owning group.</summary>
    public uint OwnerGid { get; }

    /// <summary>Who made it.</summary>
    public uint CreatorUid { get; }

    /// <summary>Group of who made it.</summary>
    public uint CreatorGid { get; }

    /// <summary>The nine permission bits.</summary>
    public int Mode { get; }

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

    /// <summary>When it was made or its attributes were set, in seconds since 1970.</summary>
    public long ChangeTime { get; }
}
