using System;
using System.Globalization;
using System.Linq;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.SysV;

public sealed class SysVSemaphoreSetTests
{
    private const string Source = "syncpeer.c";

    [Fact]
    public void Values_are_there_when_it_is_made_and_show_that_it_is()
    {
        using TemporarySet set = new(3, 0, 32767);
        Assert.Equal([3, 0, 32767], set.Set.GetValues());
        Assert.NotEqual(0, SysVSemaphoreTable.TryGet(set.Set.Id)!.OperationTime);
        Assert.Equal(Environment.ProcessId, set[0].LastPid);
        using TemporarySet empty = new(0);
        Assert.NotEqual(0, SysVSemaphoreTable.TryGet(empty.Set.Id)!.OperationTime);
    }

    [Fact]
    public void Several_operations_are_done_at_once_or_not_at_all()
    {
        using TemporarySet set = new(1, 2, 0);
        Assert.Equal(WaitStatus.WouldBlock, set.Operate(Deadline.NoWait, new(0, -1, false), new(1, -3, false)));
        Assert.Equal([1, 2, 0], set.Set.GetValues());
        Assert.Equal(WaitStatus.Done, set.Operate(Deadline.NoWait, new(0, -1, false), new(1, -2, false), new(2, 5, false)));
        Assert.Equal([0, 0, 5], set.Set.GetValues());
        Assert.Equal(WaitStatus.WouldBlock, set.Operate(Deadline.NoWait, new SemaphoreOperation(2, 0, false)));
        Assert.Equal(WaitStatus.TimedOut, set.Operate(Deadline.After(TimeSpan.FromMilliseconds(20)), new SemaphoreOperation(2, 0, false)));
    }

    [Fact]
    public void A_waiter_is_woken_cancelled_and_told_of_removal()
    {
        using TemporarySet set = new(0);
        Worker<WaitStatus> woken = Worker<WaitStatus>.Start(() => set.Take(Deadline.Infinite)).WaitUntilBlocked();
        Assert.Equal(1, set[0].WaitingForIncrease);
        Perl("semop($ARGV[0], pack('s!3', 0, 1, 0)) or die $!", set.Id);
        Assert.Equal(WaitStatus.Done, woken.Result());

        for (int round = 0; round < 50; round++)
        {
            using Waiter waiter = new();
            Worker<WaitStatus> cancelled = Worker<WaitStatus>.Start(() => set.Take(Deadline.Infinite, waiter)).WaitUntilBlocked();
            waiter.Cancel();
            Assert.Equal(WaitStatus.Cancelled, cancelled.Result());
        }

        Worker<WaitStatus> last = Worker<WaitStatus>.Start(() => set.Take(Deadline.Infinite)).WaitUntilBlocked();
        SysVSemaphoreTable.Remove(set.Set.Id);
        Assert.Equal(("semop", Errno.EIDRM), Call(() => last.Result()));
        Assert.Equal(("semop", Errno.EINVAL), Call(() => set.Take(Deadline.NoWait)));
    }

    [Fact]
    public void Perl_takes_what_is_given_and_gives_what_is_taken()
    {
        using TemporarySet set = new(2, 0);
        Perl("semop($ARGV[0], pack('s!3 s!3', 0, -2, 0, 1, 4, 0)) or die $!", set.Id);
        Assert.Equal([0, 4], set.Set.GetValues());
        Assert.NotEqual(Environment.ProcessId, set[1].LastPid);
        Assert.Equal(WaitStatus.Done, set.Operate(Deadline.NoWait, new SemaphoreOperation(1, -4, false)));
    }

    [Fact]
    public void Undo_gives_back_when_the_process_is_killed_and_without_it_the_last_pid_shows_who_it_was()
    {
        using TemporarySet set = new(1);
        foreach (bool undo in (bool[])[true, false])
        {
            using Peer peer = CPeer.Start(Source, undo ? ["semop", set.Id, "0", "-1", "undo"] : ["semop", set.Id, "0", "-1"]);
            Assert.Equal("done", peer.ReadLine());
            int pid = peer.Id;
            peer.Kill();
            if (undo)
            {
                Assert.Equal(WaitStatus.Done, set.Take(Deadline.Infinite));
                Assert.Equal(WaitStatus.Done, set.Operate(Deadline.NoWait, new SemaphoreOperation(0, 1, false)));
                continue;
            }

            Assert.Equal(0, set[0].Value);
            Assert.Equal(pid, set[0].LastPid);
        }
    }

    [Fact]
    public void Undo_of_this_library_is_the_kernels()
    {
        using TemporarySet set = new(1);
        using Peer child = Child.Start(TakeWithUndo, set.Id);
        Assert.Equal("taken", child.ReadLine());
        Assert.Equal(0, set[0].Value);
        child.Kill();
        Assert.Equal(WaitStatus.Done, set.Take(Deadline.Infinite));
    }

    private static void TakeWithUndo()
    {
        using Waiter waiter = new();
        new SysVSemaphoreSet(int.Parse(Child.Argument, CultureInfo.InvariantCulture)).Operate([new(0, -1, true)], waiter, Deadline.Infinite);
        Console.WriteLine("taken");
        Console.ReadLine();
    }

    [Fact]
    public void Who_opens_a_set_that_is_being_made_waits_for_its_values()
    {
        int key = Scratch.Key();
        using Peer maker = CPeer.Start(Source, "setup", key.ToString(CultureInfo.InvariantCulture), "3");
        int id = int.Parse(maker.ReadLine(), CultureInfo.InvariantCulture);
        try
        {
            SysVSemaphoreSet set = SysVSemaphoreSet.Open(key);
            using Waiter waiter = new();
            using Waiter cancelled = new();
            cancelled.Cancel();
            Assert.Equal(WaitStatus.Cancelled, set.WaitUntilMade(cancelled));
            Worker<int[]> opener = Worker<int[]>.Start(() =>
            {
                Assert.Equal(WaitStatus.Done, set.WaitUntilMade(waiter));
                return set.GetValues();
            });
            maker.WriteLine("go");
            Assert.Equal([3], opener.Result());
            maker.Finish();
        }
        finally
        {
            SysVSemaphoreTable.Remove(id);
        }
    }

    [Fact]
    public void Mode_and_key_are_exact()
    {
        int key = Scratch.Key();
        foreach (string mode in (string[])["600", "640", "040", "777"])
        {
            SysVSemaphoreSet set = SysVSemaphoreSet.Create(key, [1], Octal.Mode(mode));
            try
            {
                Assert.Equal(Octal.Mode(mode), SysVSemaphoreTable.TryGet(set.Id)!.Mode);
                Assert.Equal(set, SysVSemaphoreSet.Open(key));
                Assert.Equal(("semget(IPC_CREAT)", Errno.EEXIST), Call(() => SysVSemaphoreSet.Create(key, [1], 0)));
            }
            finally
            {
                SysVSemaphoreTable.Remove(set.Id);
            }
        }

        Assert.Equal(("semget", Errno.ENOENT), Call(() => SysVSemaphoreSet.Open(key)));
    }

    [Fact]
    public void What_a_set_cannot_do_has_its_own_error()
    {
        using TemporarySet set = new(5);
        Assert.Equal(("semop", Errno.EFBIG), Call(() => set.Operate(Deadline.NoWait, new SemaphoreOperation(1, 1, false))));
        Assert.Equal(("semop", Errno.ERANGE), Call(() => set.Operate(Deadline.NoWait, new SemaphoreOperation(0, 32767, false))));
        Assert.Equal(("semop", Errno.E2BIG), Call(() => set.Operate(Deadline.NoWait, [.. Enumerable.Repeat(new SemaphoreOperation(0, 1, false), 40_000)])));
        Assert.Equal(("semctl(SETVAL semnum)", Errno.EINVAL), Call(() => set.Set.SetValue(1, 1)));
        Assert.Equal(("semctl(SETVAL)", Errno.ERANGE), Call(() => set.Set.SetValue(0, 32768)));
        Assert.Throws<ArgumentException>(() => set.Set.SetValues([1, 2]));
        Assert.Equal(("semctl(SETALL)", Errno.ERANGE), Call(() => SysVSemaphoreSet.CreatePrivate([40_000], 0)));
        Assert.Equal(("semget(IPC_CREAT)", Errno.EINVAL), Call(() => SysVSemaphoreSet.CreatePrivate(new int[1_000_000], 0)));
        Assert.Equal([5], set.Set.GetValues());
    }

    private static void Perl(string script, params string[] arguments) => Peer.Run([Require.Tool("perl"), "-e", script, .. arguments]);

    private static (string, Errno) Call(Func<object> act)
    {
        IpcException failure = Assert.Throws<IpcException>(act);
        return (failure.Call, failure.Errno);
    }

    private static (string, Errno) Call(Action act)
    {
        IpcException failure = Assert.Throws<IpcException>(act);
        return (failure.Call, failure.Errno);
    }
}
