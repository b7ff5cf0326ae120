using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

/// <summary>What a C program waits for, as the kernel shows it, and the circles that this makes.</summary>
public sealed class BlockedCallsTests
{
    [Fact]
    public void The_semaphores_of_a_set_that_are_missing_are_told()
    {
        using TemporarySet set = new(5, 0, 1);
        using Peer peer = Start($"semops:{set.Id}:0:-2:1:-3", $"semt:{set.Id}:2:0");
        peer.WriteLine("");
        BlockedCall call = WaitFor(peer, BlockedIn.SysVSemaphore);
        Assert.Equal(set.Set.Id, call.Id);
        Assert.Equal([new(0, -2), new(1, -3)], call.Operations!);
        Assert.False(call.HasTimeLimit);
        set.Operate(Deadline.Infinite, new SemaphoreOperation(1, 3, false));
        Assert.Equal("done", peer.ReadLine());
        peer.WriteLine("");
        call = WaitFor(peer, BlockedIn.SysVSemaphore);
        Assert.True(call.HasTimeLimit);
        Assert.Equal([new(2, 0)], call.Operations!);
    }

    [Fact]
    public void Queues_that_are_waited_at_are_told()
    {
        using TemporarySysVQueue sysV = new();
        using TemporaryPosixQueue posix = new(1, 8);
        using Peer receiver = Start($"msgrcv:{sysV.Queue.Id}");
        using Peer reader = Start($"mqr:{posix.Name}");
        receiver.WriteLine("");
        reader.WriteLine("");
        Assert.Equal(sysV.Queue.Id, WaitFor(receiver, BlockedIn.SysVReceive).Id);
        Assert.Equal(posix.Queue.Identity, WaitFor(reader, BlockedIn.PosixReceive).File!.Value);
    }

    [Fact]
    public void A_POSIX_semaphore_is_found_by_the_futex_in_it()
    {
        using TemporarySemaphore semaphore = new();
        using Peer peer = Start($"wait:{semaphore.Name}");
        peer.WriteLine("");
        BlockedCall call = WaitFor(peer, BlockedIn.SharedFutex);
        Assert.Equal(semaphore.Path, call.Path);
        Assert.Equal(FileStatus.TryGet(call.Path!)!.Value.Identity, call.File!.Value);
        Assert.Equal(0UL, call.Offset);
    }

    [Fact]
    public void Two_processes_that_cross_their_flocks_are_a_circle()
    {
        (string first, string second) = Files();
        using Peer one = Start("flock:" + first, "flock:" + second);
        using Peer two = Start("flock:" + second, "flock:" + first);
        Step(one);
        Step(two);
        one.WriteLine("");
        WaitFor(one, BlockedIn.Flock);
        Assert.Empty(Circles(one, two));
        two.WriteLine("");
        WaitFor(two, BlockedIn.Flock);
        WaitCircle circle = Assert.Single(Circles(one, two));
        Assert.Equal(((int[])[one.Id, two.Id]).Order(), circle.Processes);
        Assert.Equal(circle.Doubts == WaitDoubts.None, ScanIsComplete());
        Assert.True(circle.IsLikely);
        two.Kill(); // a killed holder ends it
        Assert.Equal("done", one.ReadLine());
        Assert.Empty(Circles(one, two));
    }

    [Fact]
    public void Two_that_share_a_lock_and_both_want_more_are_a_circle()
    {
        (string file, _) = Files();
        using Peer one = Start("ofdr:" + file, "ofd:" + file);
        using Peer two = Start("ofdr:" + file, "ofd:" + file);
        Step(one);
        Step(two);
        one.WriteLine("");
        two.WriteLine("");
        WaitFor(one, BlockedIn.OpenFileDescriptionLock);
        WaitFor(two, BlockedIn.OpenFileDescriptionLock);
        Assert.Equal(((int[])[one.Id, two.Id]).Order(), Assert.Single(Circles(one, two)).Processes);
    }

    [Fact]
    public void Locks_of_different_sorts_are_a_circle_together()
    {
        (string first, string second) = Files();
        using Peer one = Start("flock:" + first, $"record:{second}:5:10");
        using Peer two = Start("ofd:" + second, "flock:" + first);
        Step(one);
        Step(two);
        one.WriteLine("");
        two.WriteLine("");
        WaitFor(one, BlockedIn.RecordLock);
        WaitFor(two, BlockedIn.Flock);
        Assert.Equal(((int[])[one.Id, two.Id]).Order(), Assert.Single(Circles(one, two)).Processes);
    }

    [Fact]
    public void A_process_that_waits_for_its_own_other_opening_is_a_circle()
    {
        (string file, _) = Files();
        using Peer one = Start("flock:" + file, "flock:" + file);
        Step(one);
        one.WriteLine("");
        WaitFor(one, BlockedIn.Flock);
        Assert.Equal([one.Id], Assert.Single(Circles(one, one)).Processes);
    }

    [Fact]
    public void A_parent_that_waits_for_a_child_with_its_lock_is_in_the_circle()
    {
        (string first, string second) = Files();
        using Peer one = Start("flock:" + first, "fork", "flock:" + second);
        using Peer two = Start("flock:" + second, "flock:" + first);
        Step(one);
        Step(two);
        one.WriteLine("");
        int child = int.Parse(one.ReadLine(), CultureInfo.InvariantCulture);
        Assert.Equal("done", one.ReadLine());
        one.WriteLine("");
        two.WriteLine("");
        WaitFor(two, BlockedIn.Flock);
        Kernel.WaitUntil(() => BlockedCalls.Read().All.Any(call => call.ProcessId == child && call.Call == BlockedIn.Flock), "the child waits");
        WaitCircle circle = Assert.Single(Circles(one, two));
        Assert.Equal(((int[])[one.Id, two.Id, child]).Order(), circle.Processes);
        Assert.True(circle.IsLikely); // as the parent, which has the lock as well, waits for the child
        two.Kill();
        Assert.Equal("done", one.ReadLine());
    }

    [Theory]
    [InlineData("P_PIDFD, os.pidfd_open(c)", true)]
    [InlineData("P_PGID, os.getpgrp()", false)]
    [InlineData("P_PID, c", true)]
    public void A_parent_in_waitid_waits_for_its_child(string what, bool isOne)
    {
        const string program = "import os,sys\nc=os.fork()\nif c==0: sys.stdin.read(); os._exit(0)\nprint(c,flush=True)\nos.waitid(os.{0}, os.WEXITED)";
        using Peer peer = Peer.Start([Require.Tool("python3"), "-c", program.Replace("{0}", what, StringComparison.Ordinal)]);
        int child = int.Parse(peer.ReadLine(), CultureInfo.InvariantCulture);
        Assert.Equal(isOne ? child : null, WaitFor(peer, BlockedIn.ChildEnd).Child);
        peer.Finish();
    }

    [Fact]
    public void Another_user_sees_no_calls_of_ours_and_says_so() => Child.Run(SeesLittle, Child.Nobody);

    [Fact]
    public void Of_a_process_that_is_gone_nothing_is_said()
    {
        using Peer peer = Start("flock:/dev/null");
        BlockedCalls calls = BlockedCalls.Read();
        peer.Kill();
        Assert.Equal(0, BlockedCalls.Read().ThreadsOf(peer.Id));
        Assert.Empty(calls.ChildrenOf(peer.Id));
    }

    private static void SeesLittle()
    {
        BlockedCalls calls = BlockedCalls.Read();
        Assert.False(calls.IsComplete);
        Assert.DoesNotContain(calls.All, call => call.ProcessId == 1);
    }

    private static bool ScanIsComplete()
    {
        FileLockTable.Read(out ProcessScan scan);
        return scan.IsComplete;
    }

    private static (string First, string Second) Files()
    {
        string first = Scratch.File($"{Guid.NewGuid():N}.lock");
        string second = Scratch.File($"{Guid.NewGuid():N}.lock");
        File.WriteAllText(first, "");
        File.WriteAllText(second, "");
        return (first, second);
    }

    private static IReadOnlyList<WaitCircle> Circles(Peer one, Peer two)
    {
        FileLockTable table = FileLockTable.Read(out ProcessScan scan);
        BlockedCalls calls = BlockedCalls.Read();
        table.FindWaiters(calls);
        WaitGraph graph = new(calls.ThreadsOf);
        LockWaits.Add(graph, table, scan.IsComplete);
        LockWaits.AddChildWaits(graph, calls);
        return [.. graph.FindCircles().Where(circle => circle.Processes.Contains(one.Id) || circle.Processes.Contains(two.Id))];
    }

    private static Peer Start(params string[] steps)
    {
        Peer peer = CPeer.Start("waitpeer.c", steps);
        Assert.Equal("ready", peer.ReadLine());
        return peer;
    }

    private static void Step(Peer peer)
    {
        peer.WriteLine("");
        Assert.Equal("done", peer.ReadLine());
    }

    private static BlockedCall WaitFor(Peer peer, BlockedIn what)
    {
        BlockedCall? found = null;
        Kernel.WaitUntil(
            () => (found = BlockedCalls.Read().All.FirstOrDefault(call => call.ProcessId == peer.Id && call.Call == what)) is not null, $"it waits in {what}");
        return found!;
    }
}
