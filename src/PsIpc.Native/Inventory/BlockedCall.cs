using System.Collections.Generic;

namespace PsIpc.Native.Inventory;

/// <summary>The system calls in which a thread may sleep until another process does something.</summary>
public enum BlockedIn
{
    /// <summary>semop(2), semtimedop(2).</summary>
    SysVSemaphore,

    /// <summary>msgrcv(2).</summary>
    SysVReceive,

    /// <summary>msgsnd(2), in a full queue.</summary>
    SysVSend,

    /// <summary>mq_receive(3).</summary>
    PosixReceive,

    /// <summary>mq_send(3), in a full queue.</summary>
    PosixSend,

    /// <summary>futex(2) on memory that processes share: a POSIX semaphore, or a mutex or condition in shared memory.</summary>
    SharedFutex,

    /// <summary>flock(2).</summary>
    Flock,

    /// <summary>fcntl(2) with F_SETLKW.</summary>
    RecordLock,

    /// <summary>fcntl(2) with F_OFD_SETLKW.</summary>
    OpenFileDescriptionLock,

    /// <summary>wait4(2), waitid(2): until a child has ended.</summary>
    ChildEnd,
}

/// <summary>A system call in which a thread sleeps, as /proc/[pid]/task/[tid]/syscall shows it; see proc_pid_syscall(5).</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="ThreadId">The thread.</param>
/// <param name="Call">Which call.</param>
/// <param name="HasTimeLimit">Whether the call itself ends after some time. A timer of the program's own, or a signal, cannot be seen.</param>
public sealed record BlockedCall(int ProcessId, int ThreadId, BlockedIn Call, bool HasTimeLimit)
{
    /// <summary>Of System V: the queue or the set.</summary>
    public int? Id { get; init; }

    /// <summary>Of a POSIX queue or a lock: by which descriptor.</summary>
    public int? Descriptor { get; init; }

    /// <summary>Device and inode of that queue or file; of a futex, of the file whose mapping it is in.</summary>
    public (ulong Device, ulong Inode)? File { get; init; }

    /// <summary>Of a futex: what /proc calls the mapped file.</summary>
    public string? Path { get; init; }

    /// <summary>Of a futex: where in the file it is.</summary>
    public ulong Offset { get; init; }

    /// <summary>Of a System V semaphore: the operations that shall be done at once; null where the process's memory cannot be read.</summary>
    public IReadOnlyList<BlockedOperation>? Operations { get; init; }

    /// <summary>Of a lock by fcntl: whether it is to be exclusive, and its first and last byte; null where they cannot be told.</summary>
    public (bool IsExclusive, long Start, long End)? Range { get; init; }

    /// <summary>Of one that waits for children: which; null for any.</summary>
    public int? Child { get; init; }
}

/// <summary>One operation that a thread waits to do on a System V semaphore; see semop(2).</summary>
/// <param name="Index">Which semaphore of the set, from 0.</param>
/// <param name="Change">What it would add; 0 waits for the value 0.</param>
public readonly record struct BlockedOperation(int Index, int Change);
