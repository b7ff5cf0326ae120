using System;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.SysV;

/// <summary>
/// Waits for a System V object. It has no descriptor, and the kernel's own waits take what they wait for, or leave their mark (sempid,
/// sem_otime), so it is looked at.
/// </summary>
public abstract class SysVReadiness : ReadinessSource
{
    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.Look;

    /// <summary>Whether a failed look says that the object is gone.</summary>
    private protected static bool SaysGone(Errno errno) => errno is Errno.EINVAL or Errno.EIDRM;
}

/// <summary>Waits for a System V queue.</summary>
/// <param name="id">The queue's identifier.</param>
/// <param name="condition">Readable: it has a message. Writable: it has room for one of a byte. Zero: it is empty.</param>
public sealed class SysVQueueReadiness(int id, WaitCondition condition) : SysVReadiness
{
    private readonly SysVMessageQueue _queue = new(id);

    /// <inheritdoc/>
    /// <exception cref="IpcException">"msgrcv", "msgsnd" EIDRM: it is gone; "msgctl(IPC_STAT)" EACCES: it may not be received from.</exception>
    public override unsafe bool IsReady(DescriptorEvents found, long look)
    {
        if (condition == WaitCondition.Readable)
        {
            Libc.msqid_ds status;
            return Libc.msgctl(id, Libc.IPC_STAT, &status) == 0 ? status.msg_qnum > 0
                : SaysGone(Libc.LastErrno) ? throw new IpcException("msgrcv", Errno.EIDRM)
                : throw IpcException.Last("msgctl(IPC_STAT)");
        }

        // Who may send may not be allowed to look; the table is open to everybody.
        SysVMessageQueueStatus? now = _queue.TryGetStatus();
        return condition == WaitCondition.Gone ? now is null
            : now is null ? throw new IpcException("msgsnd", Errno.EIDRM)
            : condition == WaitCondition.Zero ? now.MessageCount == 0
            : now.UsedBytes < now.MaxBytes && now.MessageCount < now.MaxBytes;
    }
}

/// <summary>Waits for a System V set of semaphores.</summary>
public sealed class SysVSemaphoreReadiness : SysVReadiness
{
    private readonly int _id;
    private readonly int[] _indexes;
    private readonly WaitCondition _condition;

    /// <summary>Makes one.</summary>
    /// <param name="id">The set's identifier.</param>
    /// <param name="indexes">Which of its semaphores; all of them have to be ready.</param>
    /// <param name="condition">Readable: above 0. Zero: 0.</param>
    /// <exception cref="IpcException">"semop" EFBIG: it has no such semaphore; "semctl(IPC_STAT)" EACCES: it may not be looked at.</exception>
    public SysVSemaphoreReadiness(int id, int[] indexes, WaitCondition condition)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        (_id, _indexes, _condition) = (id, indexes, condition);
        if (condition != WaitCondition.Gone)
        {
            int count = new SysVSemaphoreSet(id).Count();
            if (Array.Exists(indexes, index => index >= count))
            {
                throw new IpcException("semop", Errno.EFBIG);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IpcException">"semop" EIDRM: it is gone; "semctl(GETVAL)" EACCES: it may not be looked at any more.</exception>
    public override bool IsReady(DescriptorEvents found, long look)
    {
        foreach (int index in _condition == WaitCondition.Gone ? [0] : _indexes)
        {
            int value = Libc.semctl(_id, index, Libc.GETVAL, 0);
            if (value < 0)
            {
                Errno errno = Libc.LastErrno;
                return _condition == WaitCondition.Gone ? SaysGone(errno)
                    : throw new IpcException(SaysGone(errno) ? "semop" : "semctl(GETVAL)", SaysGone(errno) ? Errno.EIDRM : errno);
            }

            if (_condition == WaitCondition.Gone || (_condition == WaitCondition.Zero) != (value == 0))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Waits until a System V segment is gone: removed, and no longer attached by anybody.</summary>
/// <param name="id">The segment's identifier.</param>
public sealed class SysVSegmentReadiness(int id) : SysVReadiness
{
    /// <inheritdoc/>
    public override bool IsReady(DescriptorEvents found, long look) => SysVSharedMemoryTable.TryGet(id) is null;
}
