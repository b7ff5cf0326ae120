using System;

namespace PsIpc.Native.Posix;

/// <summary>A POSIX shared memory object or semaphore as its directory entry describes it; see shm_overview(7), sem_overview(7).</summary>
public sealed record PosixSharedMemoryStatus
{
    /// <summary>Name, with its slash.</summary>
    public required string Name { get; init; }

    /// <summary>The file that it is.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is a semaphore: of glibc's naming and of exactly the size of its sem_t.</summary>
    public required bool IsSemaphore { get; init; }

    /// <summary>Owner.</summary>
    public required uint Uid { get; init; }

    /// <summary>Owning group.</summary>
    public required uint Gid { get; init; }

    /// <summary>The nine permission bits.</summary>
    public required int Mode { get; init; }

    /// <summary>Device of the file system.</summary>
    public required ulong Device { get; init; }

    /// <summary>Inode within the device; identifies the object among all that ever had its name.</summary>
    public required ulong Inode { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that it takes in memory and swap: pages nobody has written to take none.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>When it was read or written by descriptor; writing through a mapping is not recorded.</summary>
    public required DateTimeOffset ModifyTime { get; init; }

    /// <summary>When its attributes changed last.</summary>
    public required DateTimeOffset ChangeTime { get; init; }

    /// <summary>The value of a semaphore; null of anything else, and without read permission.</summary>
    public long? Value { get; init; }

    /// <summary>How many threads wait for a semaphore; null of anything else, and without read permission.</summary>
    public long? Waiters { get; init; }
}
