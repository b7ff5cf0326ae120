using System;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.SysV;

/// <summary>
/// A set of System V semaphores, by its identifier: what is done with it. It needs no closing; it lives until it is removed or its IPC
/// namespace ends. See semget(2), semop(2), semctl(2).
/// </summary>
/// <param name="Id">The set's identifier; 0 is a valid one.</param>
public readonly record struct SysVSemaphoreSet(int Id)
{
    /// <summary>The greatest value that a semaphore can have (SEMVMX).</summary>
    public const int MaxValue = 32767;

    /// <summary>How long after it was made a set without any operation may still be in the hands of who makes it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Makes a set with a key, and gives its semaphores their values.</summary>
    /// <param name="key">Any number but 0.</param>
    /// <param name="values">The value of each semaphore.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">EEXIST: there is one; EINVAL: more than SEMMSL semaphores; ENOSPC: SEMMNI sets or SEMMNS semaphores exist.</exception>
    public static SysVSemaphoreSet Create(int key, ReadOnlySpan<int> values, int mode)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key);
        return Make(key, values, mode);
    }

    /// <summary>Makes a set without a key (IPC_PRIVATE), reachable by its identifier alone.</summary>
    /// <param name="values">The value of each semaphore.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">EINVAL: more than SEMMSL semaphores; ENOSPC: SEMMNI sets or SEMMNS semaphores exist.</exception>
    public static SysVSemaphoreSet CreatePrivate(ReadOnlySpan<int> values, int mode) => Make(Libc.IPC_PRIVATE, values, mode);

    /// <summary>Finds the set of a key. What the caller may do with it shows when it is done.</summary>
    /// <param name="key">Any number but 0.</param>
    /// <exception cref="IpcException">ENOENT: there is none.</exception>
    public static SysVSemaphoreSet Open(int key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key);
        return new(IpcException.Check(Libc.semget(key, 0, 0), "semget"));
    }

    /// <summary>
    /// Waits until who makes the set has given it its values: making it and that are two calls. The first operation on a set shows (sem_otime); a
    /// set that nobody has operated on for two seconds is taken as it is, for not every program begins with an operation.
    /// </summary>
    /// <param name="waiter">Cancels the wait.</param>
    public WaitStatus WaitUntilMade(Waiter waiter) => WaitUntilMade(waiter, Deadline.Infinite);

    /// <summary>Waits until who makes the set has given it its values, but no longer than a deadline.</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait, where that is less.</param>
    public WaitStatus WaitUntilMade(Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        Deadline end = Deadline.After(Grace);
        while (!waiter.IsCancelled && IsBeingMade() && !end.HasPassed)
        {
            if (deadline.HasPassed)
            {
                return deadline.IsNoWait ? WaitStatus.WouldBlock : WaitStatus.TimedOut;
            }

            Pause.For(TimeSpan.FromMilliseconds(1)); // the kernel tells nobody
        }

        return waiter.IsCancelled ? WaitStatus.Cancelled : WaitStatus.Done;
    }

    /// <summary>Does several operations at once: all of them, or none as long as one would have to wait.</summary>
    /// <param name="operations">What to do, 1 to SEMOPM.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <exception cref="IpcException">
    /// EINVAL: the set is gone; EIDRM: it was removed meanwhile; EFBIG: no such semaphore in it; E2BIG: more than SEMOPM operations; ERANGE: a value
    /// would pass 32767, or what is to be undone ("semop(SEM_UNDO)"); EACCES: no permission; ENOSPC: no more to be remembered for undoing.
    /// </exception>
    public unsafe WaitStatus Operate(ReadOnlySpan<SemaphoreOperation> operations, Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        const int few = 16;
        Span<Libc.sembuf> buffers = operations.Length <= few ? stackalloc Libc.sembuf[few] : new Libc.sembuf[operations.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            buffers[i] = new()
            {
                sem_num = operations[i].Index,
                sem_op = operations[i].Change,
                sem_flg = (short)(operations[i].Undo ? Libc.SEM_UNDO : 0),
            };
        }

        fixed (Libc.sembuf* first = buffers)
        {
            try
            {
                return waiter.Run(new OperateCall(Id, first, operations.Length), deadline, out _);
            }
            catch (IpcException e) when (e.Errno == Errno.ERANGE && IsOfUndo(operations))
            {
                throw new IpcException("semop(SEM_UNDO)", e.Errno);
            }
        }
    }

    /// <summary>ERANGE means both a value and what is to be undone: it is the latter when no value would become too large.</summary>
    private bool IsOfUndo(ReadOnlySpan<SemaphoreOperation> operations)
    {
        bool hasUndo = false;
        try
        {
            int[] values = GetValues();
            foreach (SemaphoreOperation operation in operations)
            {
                hasUndo |= operation.Undo;
                if (operation.Index < values.Length && (values[operation.Index] += operation.Change) > MaxValue)
                {
                    return false;
                }
            }
        }
        catch (IpcException)
        {
            return false; // no permission to read them, or gone
        }

        return hasUndo;
    }

    /// <summary>The value of each semaphore.</summary>
    /// <exception cref="IpcException">EINVAL, EIDRM: the set is gone; EACCES: no read permission.</exception>
    public unsafe int[] GetValues()
    {
        ushort[] values = new ushort[Count()];
        fixed (ushort* first = values)
        {
            _ = IpcException.Check(Libc.semctl(Id, 0, Libc.GETALL, (nint)first), "semctl(GETALL)");
        }

        return Array.ConvertAll(values, value => (int)value);
    }

    /// <summary>Sets the value of one semaphore, and forgets what was to be undone on it (SETVAL).</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="value">0 to 32767.</param>
    /// <exception cref="IpcException">EINVAL: the set is gone, or has no such semaphore (then the call is "semctl(SETVAL semnum)"); ERANGE: no such value; EACCES: no write permission.</exception>
    public void SetValue(int index, int value)
    {
        if (Libc.semctl(Id, index, Libc.SETVAL, value) == -1)
        {
            IpcException failure = IpcException.Last("semctl(SETVAL)");
            throw failure.Errno == Errno.EINVAL && Exists() ? new IpcException("semctl(SETVAL semnum)", failure.Errno) : failure;
        }
    }

    /// <summary>Sets all values at once, and forgets what was to be undone on them (SETALL).</summary>
    /// <param name="values">One for each semaphore, 0 to 32767.</param>
    /// <exception cref="ArgumentException">There are more or fewer semaphores.</exception>
    /// <exception cref="IpcException">EINVAL, EIDRM: the set is gone; ERANGE: no such value; EACCES: no permission.</exception>
    public unsafe void SetValues(ReadOnlySpan<int> values)
    {
        if (values.Length != Count())
        {
            throw new ArgumentException("A set of semaphores takes one value for each.", nameof(values));
        }

        SetAll(values);
    }

    /// <summary>How many semaphores the set has.</summary>
    /// <exception cref="IpcException">EINVAL, EIDRM: the set is gone; EACCES: no read permission.</exception>
    public unsafe int Count()
    {
        SysVSemaphoreBuffer status;
        _ = IpcException.Check(Libc.semctl(Id, 0, Libc.IPC_STAT, (nint)(&status)), "semctl(IPC_STAT)");
        return status.Count;
    }

    private static SysVSemaphoreSet Make(int key, ReadOnlySpan<int> values, int mode)
    {
        const int ownerOnly = 0x180; // 0600: its maker must be able to give it its values
        SysVSemaphoreSet set = new(IpcException.Check(
            Libc.semget(key, values.Length, Libc.IPC_CREAT | Libc.IPC_EXCL | mode | ownerOnly), "semget(IPC_CREAT)"));
        try
        {
            set.SetAll(values);

            // Others know by sem_otime that the values are there, and only an operation sets it. This one leaves the value as it is; where somebody
            // has been quicker and it would have to wait, he has set sem_otime.
            using Waiter waiter = new();
            _ = values[0] == 0
                ? set.Operate([new(0, 0, Undo: false)], waiter, Deadline.NoWait)
                : set.Operate([new(0, -1, Undo: false), new(0, 1, Undo: false)], waiter, Deadline.NoWait);
            if ((mode & ownerOnly) != ownerOnly)
            {
                SysVSemaphoreTable.Set(set.Id, null, null, mode);
            }

            return set;
        }
        catch (IpcException e) when (e.Errno is not (Errno.EINVAL or Errno.EIDRM))
        {
            SysVSemaphoreTable.Remove(set.Id);
            throw;
        }
    }

    private unsafe void SetAll(ReadOnlySpan<int> values)
    {
        ushort[] all = new ushort[values.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = values[i] is >= 0 and <= MaxValue ? (ushort)values[i] : throw new IpcException("semctl(SETALL)", Errno.ERANGE);
        }

        fixed (ushort* first = all)
        {
            _ = IpcException.Check(Libc.semctl(Id, 0, Libc.SETALL, (nint)first), "semctl(SETALL)");
        }
    }

    private unsafe bool IsBeingMade()
    {
        SysVSemaphoreBuffer status;
        return Libc.semctl(Id, 0, Libc.IPC_STAT, (nint)(&status)) == 0 // without permission to look there is no way to know
            && status.OperationTime == 0
            && DateTimeOffset.UtcNow.ToUnixTimeSeconds() - status.ChangeTime is >= 0 and < 2;
    }

    private unsafe bool Exists()
    {
        SysVSemaphoreBuffer status;
        return Libc.semctl(Id, 0, Libc.IPC_STAT, (nint)(&status)) == 0 || Libc.LastErrno == Errno.EACCES; // one that may only be written to
    }

    private readonly unsafe struct OperateCall(int id, Libc.sembuf* operations, int count) : IBlockingCall
    {
        public static string Name => "semop";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block)
        {
            Libc.timespec never = default;
            return block ? Libc.semop(id, operations, (nuint)count) : Libc.semtimedop(id, operations, (nuint)count, &never);
        }
    }
}
