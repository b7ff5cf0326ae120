using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Processes;
using PsIpc.Native.Streams;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Streams;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

/// <summary>Waiting for several sources at once: who wakes, what is left, what fails, and that nothing stays behind.</summary>
public sealed class ReadinessSetTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(30);
    private readonly Waiter _waiter = new();
    private readonly ReadinessSet _set = new();

    public void Dispose()
    {
        _set.Dispose();
        _waiter.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_of_C_wakes_two_who_wait_for_it_and_stays(bool posix)
    {
        using TemporarySysVQueue sysV = new();
        using TemporaryPosixQueue other = new(4, 64);
        ReadinessSource New() => posix ? PosixQueueReadiness.Open(other.Name, WaitCondition.Readable) : new SysVQueueReadiness(sysV.Queue.Id, WaitCondition.Readable);
        Worker<WaitStatus>[] waits = [.. Enumerable.Range(0, 2).Select(_ => Worker<WaitStatus>.Start(() => WaitFor(New())).WaitUntilBlocked())];
        if (posix)
        {
            CPeer.Run("mqpeer.c", "send", Convert.ToHexString(Encoding.UTF8.GetBytes(other.Name)), "1");
        }
        else
        {
            CPeer.Run("sysvpeer.c", "send", sysV.Queue.Id.ToString(CultureInfo.InvariantCulture), "1");
        }

        Assert.All(waits, wait => Assert.Equal(WaitStatus.Done, wait.Result()));
        Assert.NotNull(posix ? other.Receive()?.Data : sysV.Receive()?.Data);
        Assert.Null(posix ? other.Receive()?.Data : sysV.Receive()?.Data);
    }

    [Fact]
    public void Queues_have_room_are_empty_and_go()
    {
        using TemporaryPosixQueue posix = new(1, 16);
        using TemporarySysVQueue sysV = new();
        sysV.Queue.Set(null, null, null, 4);
        ReadinessSource[] New(WaitCondition condition) => [PosixQueueReadiness.Open(posix.Name, condition), new SysVQueueReadiness(sysV.Queue.Id, condition)];
        Assert.Equal([true, true], Ready(New(WaitCondition.Writable)));
        Assert.Equal([true, true], Ready(New(WaitCondition.Zero)));
        Assert.Equal([false, false], Ready(New(WaitCondition.Readable)));
        posix.Send(0, [1]);
        sysV.Send(1, [1, 2, 3, 4]);
        Assert.Equal([false, false], Ready(New(WaitCondition.Writable)));
        Assert.Equal([false, false], Ready(New(WaitCondition.Zero)));
        Assert.Equal([true, true], Ready(New(WaitCondition.Readable)));
        Assert.Equal([false, false], Ready(New(WaitCondition.Gone)));
    }

    [Fact]
    public void Semaphores_can_be_entered_are_zero_and_C_posts_them()
    {
        using TemporarySemaphore posix = new(0);
        using TemporarySet set = new(0, 3);
        ReadinessSource[] New(WaitCondition condition, params int[] indexes) =>
            [PosixSemaphoreReadiness.Open(posix.Name, condition), new SysVSemaphoreReadiness(set.Set.Id, indexes, condition)];
        Assert.Equal([false, false], Ready(New(WaitCondition.Readable, 0)));
        Assert.Equal([false, true], Ready(New(WaitCondition.Readable, 1)));
        Assert.Equal([false, false], Ready(New(WaitCondition.Readable, 0, 1)));
        Assert.Equal([true, true], Ready(New(WaitCondition.Zero, 0)));
        Assert.Equal([true, false], Ready(New(WaitCondition.Zero, 0, 1)));
        foreach (ReadinessSource source in New(WaitCondition.Readable, 0))
        {
            _set.Add(source);
        }

        Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: true, _waiter, Deadline.Infinite)).WaitUntilBlocked();
        CPeer.Run("syncpeer.c", "post", posix.Name, "1");
        using Peer peer = CPeer.Start("syncpeer.c", "semop", set.Id, "0", "1");
        Assert.Equal(WaitStatus.Done, wait.Result());
        Assert.Equal((1, 1), (posix.Semaphore.Value, set[0].Value));
        Assert.Equal(0, posix.Waiters);
        Assert.Equal("semop", Assert.Throws<IpcException>(() => new SysVSemaphoreReadiness(set.Set.Id, [2], WaitCondition.Readable)).Call);
        peer.Finish();
    }

    [Fact]
    public void What_looks_leaves_no_mark_on_a_semaphore_set()
    {
        using TemporarySet set = new(1);
        SysVSemaphoreSetStatus before = SysVSemaphoreTable.TryGet(set.Set.Id)!;
        Assert.Equal([true], Ready(new SysVSemaphoreReadiness(set.Set.Id, [0], WaitCondition.Readable)));
        SysVSemaphoreSetStatus after = SysVSemaphoreTable.TryGet(set.Set.Id)!;
        Assert.Equal(before.OperationTime, after.OperationTime);
        Assert.Equal((before.Elements![0].LastPid, before.Elements[0].Value), (after.Elements![0].LastPid, after.Elements[0].Value));
    }

    [Fact]
    public void A_byte_wakes_and_stays_a_hang_up_is_an_end_that_can_be_read()
    {
        using TestPipe pipe = new();
        _set.Add(new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Readable, owns: false));
        Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: false, _waiter, Deadline.Infinite)).WaitUntilBlocked();
        pipe.Write("x", Deadline.NoWait);
        Assert.Equal(WaitStatus.Done, wait.Result());
        Assert.Equal("x", pipe.Read(Deadline.NoWait).Text);
        Assert.Equal(WaitStatus.WouldBlock, _set.Wait(all: false, _waiter, Deadline.NoWait));
        pipe.WriteEnd.Dispose();
        Assert.Equal(WaitStatus.Done, _set.Wait(all: false, _waiter, Deadline.NoWait));
        Assert.Equal([true], Ready(new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Gone, owns: false)));
    }

    [Fact]
    public void A_full_pipe_has_room_when_it_is_read_and_an_error_when_nobody_reads()
    {
        using TestPipe pipe = new();
        Assert.Equal([true], Ready(new DescriptorReadiness(pipe.WriteEnd, WaitCondition.Writable, owns: false)));
        pipe.Fill();
        Assert.Equal([false], Ready(new DescriptorReadiness(pipe.WriteEnd, WaitCondition.Writable, owns: false)));
        Assert.Equal([false], Ready(new DescriptorReadiness(pipe.WriteEnd, WaitCondition.Gone, owns: false)));
        pipe.ReadEnd.Dispose();
        Assert.Equal([true], Ready(new DescriptorReadiness(pipe.WriteEnd, WaitCondition.Gone, owns: false)));
    }

    [Fact]
    public void A_process_wakes_by_its_end()
    {
        using Peer peer = Peer.Start(["cat"]);
        _set.Add(ProcessReadiness.Open(peer.Id));
        Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: false, _waiter, Deadline.Infinite)).WaitUntilBlocked();
        peer.Finish();
        Assert.Equal(WaitStatus.Done, wait.Result());
        Assert.Equal(Errno.ESRCH, Assert.Throws<IpcException>(() => ProcessReadiness.Open(4_194_304 - 1)).Errno);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("semaphore")]
    [InlineData("queue")]
    [InlineData("held queue")]
    [InlineData("renamed")]
    public void What_is_removed_wakes_at_once(string what)
    {
        string path = Scratch.File("gone");
        using TemporarySemaphore semaphore = new();
        using TemporaryPosixQueue queue = new(1, 16);
        FifoFile.Create(path, Octal.Mode("600"));
        if (what == "queue")
        {
            queue.Queue.Dispose();
        }

        try
        {
            ReadinessSource source = what switch
            {
                "semaphore" => FileReadiness.Open(semaphore.Path),
                "queue" or "held queue" => PosixQueueReadiness.Open(queue.Name, WaitCondition.Gone),
                _ => FileReadiness.Open(path),
            };
            Assert.Equal(ReadinessMeans.File, _set.Add(source));
            Assert.DoesNotContain(Kernel.AllDescriptors(), open => open == path || open == semaphore.Path); // who looks for holders does not find who waits
            Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: false, _waiter, Deadline.Infinite)).WaitUntilBlocked();
            switch (what)
            {
                case "semaphore":
                    File.Delete(semaphore.Path);
                    break;
                case "queue" or "held queue":
                    PosixMessageQueue.Unlink(queue.Name);
                    break;
                case "renamed":
                    File.Move(path, path + "2");
                    break;
                default:
                    File.Delete(path);
                    break;
            }

            Assert.Equal(WaitStatus.Done, wait.Result());
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + "2");
        }
    }

    [Fact]
    public void System_V_objects_go()
    {
        using TemporarySysVQueue queue = new();
        using TemporarySet set = new(1);
        _set.Add(new SysVQueueReadiness(queue.Queue.Id, WaitCondition.Gone));
        _set.Add(new SysVSemaphoreReadiness(set.Set.Id, [0], WaitCondition.Gone));
        Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: true, _waiter, Deadline.Infinite)).WaitUntilBlocked();
        queue.Queue.Remove();
        SysVSemaphoreTable.Remove(set.Set.Id);
        Assert.Equal(WaitStatus.Done, wait.Result());
        Assert.Equal(2, _set.Ready.Count());
    }

    [Fact]
    public void What_vanishes_fails_alone_and_the_others_are_waited_for()
    {
        using TemporarySysVQueue sysV = new();
        using TemporaryPosixQueue posix = new(1, 16);
        using TemporarySet set = new(0);
        using TemporarySemaphore semaphore = new();
        using TestPipe pipe = new();
        _set.Add(new SysVQueueReadiness(sysV.Queue.Id, WaitCondition.Readable));
        _set.Add(PosixQueueReadiness.Open(posix.Name, WaitCondition.Readable));
        _set.Add(new SysVSemaphoreReadiness(set.Set.Id, [0], WaitCondition.Readable));
        _set.Add(PosixSemaphoreReadiness.Open(semaphore.Name, WaitCondition.Readable));
        _set.Add(new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Readable, owns: false));
        Worker<List<Errno>> wait = Worker<List<Errno>>.Start(() =>
        {
            List<Errno> failures = [];
            while (!_set.Ready.Any())
            {
                Assert.Equal(WaitStatus.Done, _set.Wait(all: false, _waiter, Deadline.Infinite));
                while (_set.TryTakeFailure(out _, out IpcException? failure))
                {
                    failures.Add(failure!.Errno);
                }
            }

            return failures;
        }).WaitUntilBlocked();
        sysV.Queue.Remove();
        PosixMessageQueue.Unlink(posix.Name);
        SysVSemaphoreTable.Remove(set.Set.Id);
        File.Delete(semaphore.Path);
        Kernel.WaitUntil(() => _set.Count == 1, "the four that are gone were found out");
        pipe.Write("x", Deadline.NoWait);
        Assert.Equal([Errno.EIDRM, Errno.EIDRM, Errno.EIDRM, Errno.EIDRM], wait.Result());
    }

    [Fact]
    public void All_means_at_one_moment()
    {
        using TestPipe first = new();
        using TestPipe second = new();
        _set.Add(new DescriptorReadiness(first.ReadEnd, WaitCondition.Readable, owns: false));
        _set.Add(new DescriptorReadiness(second.ReadEnd, WaitCondition.Readable, owns: false));
        first.Write("x", Deadline.NoWait);
        Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: true, _waiter, Deadline.Infinite)).WaitUntilBlocked();
        Assert.Equal("x", first.Read(Deadline.NoWait).Text);
        second.Write("y", Deadline.NoWait);
        wait.WaitUntilBlocked(); // the first is not ready any more
        Assert.True(wait.IsAlive);
        first.Write("z", Deadline.NoWait);
        Assert.Equal(WaitStatus.Done, wait.Result());
        Assert.Equal(("z", "y"), (first.Read(Deadline.NoWait).Text, second.Read(Deadline.NoWait).Text));
    }

    [Fact]
    public void Time_passes_and_a_cancelled_wait_ends()
    {
        using TestPipe pipe = new();
        using TemporarySet set = new(0);
        _set.Add(new DescriptorReadiness(pipe.ReadEnd, WaitCondition.Readable, owns: false));
        Assert.Equal(WaitStatus.TimedOut, _set.Wait(all: false, _waiter, Deadline.After(Moment)));
        _set.Add(new SysVSemaphoreReadiness(set.Set.Id, [0], WaitCondition.Readable));
        Assert.Equal(WaitStatus.TimedOut, _set.Wait(all: true, _waiter, Deadline.After(Moment)));
        Worker<WaitStatus> wait = Worker<WaitStatus>.Start(() => _set.Wait(all: false, _waiter, Deadline.Infinite)).WaitUntilBlocked();
        _waiter.Cancel();
        Assert.Equal(WaitStatus.Cancelled, wait.Result());
        Assert.Equal(WaitStatus.Cancelled, _set.Wait(all: false, _waiter, Deadline.NoWait));
    }

    [Fact]
    public void A_table_is_read_once_for_all_who_look()
    {
        int reads = 0;
        SharedTable<int> table = new(() => [reads++]);
        _set.Add(new TableReadiness<int>(table, line => line < 3));
        _set.Add(new TableReadiness<int>(table, line => line < 3));
        Assert.Equal(WaitStatus.Done, _set.Wait(all: true, _waiter, Deadline.Infinite));
        Assert.Equal(5, reads); // three looks, one at which both are ready, and one more at all of them
    }

    [Fact]
    public void Fifteen_hundred_descriptors_at_once()
    {
        using TestPipe pipe = new();
        List<SafeDescriptor> copies = [];
        try
        {
            for (int i = 0; i < 1500; i++)
            {
                copies.Add(pipe.ReadEnd.Duplicate());
            }
        }
        catch (IpcException e) when (e.Errno == Errno.EMFILE)
        {
            Assert.SkipWhen(copies.Count < 1100, "RLIMIT_NOFILE is too low for more descriptors than select(2) could take");
        }
        finally
        {
            copies.ForEach(copy => _set.Add(new DescriptorReadiness(copy, WaitCondition.Readable, owns: true)));
        }

        Assert.Equal(WaitStatus.WouldBlock, _set.Wait(all: false, _waiter, Deadline.NoWait));
        pipe.Write("x", Deadline.NoWait);
        Assert.Equal(WaitStatus.Done, _set.Wait(all: true, _waiter, Deadline.Infinite));
        Assert.Equal(copies.Count, _set.Ready.Count());
    }

    private static WaitStatus WaitFor(ReadinessSource source)
    {
        using ReadinessSet set = new();
        using Waiter waiter = new();
        set.Add(source);
        return set.Wait(all: false, waiter, Deadline.Infinite);
    }

    private bool[] Ready(params ReadinessSource[] sources)
    {
        using ReadinessSet set = new();
        Array.ForEach(sources, source => set.Add(source));
        _ = set.Wait(all: false, _waiter, Deadline.NoWait);
        ReadinessSource[] ready = [.. set.Ready];
        return Array.ConvertAll(sources, source => ready.Contains(source));
    }
}
