namespace PsIpc;

/// <summary>The kinds of object that the Ipc cmdlets list and work on.</summary>
public enum IpcKind
{
    /// <summary>A System V message queue: sysvipc(7).</summary>
    SysVMessageQueue,

    /// <summary>A System V shared memory segment: sysvipc(7).</summary>
    SysVSharedMemory,

    /// <summary>A System V semaphore set: sysvipc(7).</summary>
    SysVSemaphore,

    /// <summary>A POSIX message queue: mq_overview(7).</summary>
    PosixMessageQueue,

    /// <summary>A POSIX shared memory object: shm_overview(7).</summary>
    PosixSharedMemory,

    /// <summary>A named POSIX semaphore: sem_overview(7).</summary>
    PosixSemaphore,

    /// <summary>A lock on a file, or a request that waits for one: flock(2), fcntl_locking(2).</summary>
    FileLock,
}
