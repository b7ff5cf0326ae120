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

    /// <summary>A FIFO: fifo(7). Those that are open, or all under a path.</summary>
    Fifo,

    /// <summary>A pipe without a name: pipe(7).</summary>
    Pipe,

    /// <summary>A Unix socket: unix(7). Those of the network namespace, or all whose files are under a path.</summary>
    UnixSocket,

    /// <summary>A lock on a file, or a request that waits for one: flock(2), fcntl_locking(2).</summary>
    FileLock,

    /// <summary>A regular file or memfd that processes have mapped to share it: mmap(2), memfd_create(2).</summary>
    FileMapping,
}
