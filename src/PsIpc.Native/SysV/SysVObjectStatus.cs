using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>What the kernel describes alike of every System V object: struct ipc_perm of sysvipc(7).</summary>
public abstract record SysVObjectStatus
{
    private protected SysVObjectStatus(int id, in Libc.ipc_perm permissions, long changeTime)
    {
        Id = id;
        Key = permissions.__key;
        Sequence = permissions.__seq;
        OwnerUid = permissions.uid;
        OwnerGid = permissions.gid;
        CreatorUid = permissions.cuid;
        CreatorGid = permissions.cgid;
        Mode = (int)permissions.mode & 0x1FF;
        ChangeTime = changeTime;
    }

    /// <summary>The identifier that calls take.</summary>
    public int Id { get; }

    /// <summary>The key it was made with; 0 for a private one, and for a segment that is marked for removal.</summary>
    public int Key { get; }

    /// <summary>Tells this object from an earlier one in the same slot.</summary>
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

    /// <summary>When it was made or its attributes - of a semaphore set its values, too - were set, in seconds since 1970.</summary>
    public long ChangeTime { get; }
}
