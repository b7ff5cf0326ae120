using System.Collections.Generic;

namespace PsIpc.Native.SysV;

/// <summary>A System V semaphore set as the kernel describes it: struct semid_ds of semctl(2).</summary>
public sealed record SysVSemaphoreSetStatus
{
    internal SysVSemaphoreSetStatus(int id, in SysVSemaphoreBuffer status, IReadOnlyList<SysVSemaphoreElementStatus>? elements)
    {
        Id = id;
        Key = status.Permissions.__key;
        Sequence = status.Permissions.__seq;
        OwnerUid = status.Permissions.uid;
        OwnerGid = status.Permissions.gid;
        CreatorUid = status.Permissions.cuid;
        CreatorGid = status.Permissions.cgid;
        Mode = (int)status.Permissions.mode & 0x1FF;
        Count = status.Count;
        OperationTime = status.OperationTime;
        ChangeTime = status.ChangeTime;
        Elements = elements;
    }

    /// <summary>The identifier that calls take.</summary>
    public int Id { get; }

    /// <summary>The key it was made with; 0 for a private one.</summary>
    public int Key { get; }

    /// <summary>Tells this set from an earlier one in the same slot.</summary>
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

    /// <summary>Semaphores in the set.</summary>
    public int Count { get; }

    /// <summary>When somebody last operated on it (semop), in seconds since 1970; 0 when nobody did.</summary>
    public long OperationTime { get; }

    /// <summary>When it was made or its attributes or values were set, in seconds since 1970.</summary>
    public long ChangeTime { get; }

    /// <summary>The semaphores of the set; null without read permission.</summary>
    public IReadOnlyList<SysVSemaphoreElementStatus>? Elements { get; }
}

/// <summary>One semaphore of a set: GETALL, GETNCNT, GETZCNT and GETPID of semctl(2).</summary>
/// <param name="Value">Its value: 0 to 32767.</param>
/// <param name="WaitingForIncrease">Processes that wait for it to become larger.</param>
/// <param name="WaitingForZero">Processes that wait for it to become 0.</param>
/// <param name="LastPid">Who operated on it last; 0 when nobody did.</param>
public readonly record struct SysVSemaphoreElementStatus(int Value, int WaitingForIncrease, int WaitingForZero, int LastPid);
