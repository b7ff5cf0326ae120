using PsIpc.Native.Locks;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Bench;

/// <summary>The same loops over semaphores and locks.</summary>
internal static partial class NativePeer
{
    private static long[] Synchronise(string[] words) => words switch
    {
        ["ping-semop", var there, var back, var count] => [Time(() => PingSet(Number(there), Number(back), Number(count), isFirst: true))],
        ["echo-semop", var there, var back, var count] => [Time(() => PingSet(Number(back), Number(there), Number(count), isFirst: false))],
        ["ping-semwait", var there, var back, var count] => [Time(() => PingSemaphore(there, back, Number(count), isFirst: true))],
        ["echo-semwait", var there, var back, var count] => [Time(() => PingSemaphore(back, there, Number(count), isFirst: false))],
        ["pair-semop", var id, var count] => [Time(() => PairSet(Number(id), Number(count)))],
        ["pair-semwait", var name, var count] => [Time(() => PairSemaphore(name, Number(count)))],
        ["pair-flock", var file, var count] => [Time(() => PairLock(file, FileLockKind.Flock, Number(count)))],
        ["pair-ofd", var file, var count] => [Time(() => PairLock(file, FileLockKind.OpenFileDescription, Number(count)))],
        _ => Signals(words),
    };

    private static void PingSet(int give, int take, int count, bool isFirst)
    {
        SysVSemaphoreSet target = new(give);
        SysVSemaphoreSet source = new(take);
        SemaphoreOperation[] add = [new(0, 1, false)], subtract = [new(0, -1, false)];
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            if (isFirst)
            {
                target.Operate(add, waiter, Deadline.Infinite);
            }

            source.Operate(subtract, waiter, Deadline.Infinite);
            if (!isFirst)
            {
                target.Operate(add, waiter, Deadline.Infinite);
            }
        }
    }

    private static void PingSemaphore(string give, string take, int count, bool isFirst)
    {
        using PosixSemaphore target = PosixSemaphore.Open(give);
        using PosixSemaphore source = PosixSemaphore.Open(take);
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            if (isFirst)
            {
                target.Post();
            }

            source.Wait(waiter, Deadline.Infinite);
            if (!isFirst)
            {
                target.Post();
            }
        }
    }

    private static void PairSet(int id, int count)
    {
        SysVSemaphoreSet set = new(id);
        SemaphoreOperation[] add = [new(0, 1, false)], subtract = [new(0, -1, false)];
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            set.Operate(subtract, waiter, Deadline.Infinite);
            set.Operate(add, waiter, Deadline.Infinite);
        }
    }

    private static void PairSemaphore(string name, int count)
    {
        using PosixSemaphore semaphore = PosixSemaphore.Open(name);
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            semaphore.Wait(waiter, Deadline.Infinite);
            semaphore.Post();
        }
    }

    private static void PairLock(string path, FileLockKind kind, int count)
    {
        using LockFile file = LockFile.Open(path, kind, shared: false, create: false);
        using Waiter waiter = new();
        for (int i = 0; i < count; i++)
        {
            file.Lock(kind, FileRange.Whole, shared: false, waiter, Deadline.Infinite);
            file.Unlock(kind, FileRange.Whole);
        }
    }
}
