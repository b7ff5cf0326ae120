using System.Collections.Generic;

namespace PsIpc.Native.SysV;

/// <summary>A System V semaphore set as the kernel describes it: struct semid_ds of semctl(2).</summary>
public sealed record SysVSemaphoreSetStatus : SysVObjectStatus
{
    internal SysVSemaphoreSetStatus(int id, in SysVSemaphoreBuffer status, IReadOnlyList<SysVSemaphoreElementStatus>? elements)
        : base(id, status.Permissions, status.ChangeTime)
    {
        Count = status.Count;
        OperationTime = status.OperationTime;
        Elements = elements;
    }

    /// <summary>Semaphores in the set.</summary>
    public int Count { get; }

    /// <summary>When somebody last operated on it (semop), in seconds since 1970; 0 when nobody did.</summary>
    public long OperationTime { get; }

    /// <summary>The semaphores of the set; null without read permission.</summary>
    public IReadOnlyList<SysVSemaphoreElementStatus>? Elements { get; }
}

/// <summary>One semaphore of a set: GETALL, GETNCNT, GETZCNT and GETPID of semctl(2).</summary>
/// <param name="Value">Its value: 0 to 32767.</param>
/// <param name="WaitingForIncrease">Processes that wait for it to become larger.</param>
/// <param name="WaitingForZero">Processes that wait for it to become 0.</param>
/// <param name="LastPid">Who operated on it last; 0 when nobody did.</param>
public readonly record struct SysVSemaphoreElementStatus(int Value, int WaitingForIncrease, int WaitingForZero, int LastPid);
