using System;
using System.Linq;
using System.Threading;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

public sealed class WaiterTests : IDisposable
{
    private readonly TemporarySysVQueue _queue = new();

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void A_waiter_cancelled_before_the_call_takes_nothing()
    {
        using Waiter waiter = new();
        waiter.Cancel();
        Assert.True(waiter.IsCancelled);
        _queue.Send(1, [7]);
        Assert.Equal(WaitStatus.Cancelled, Receive(waiter, Deadline.Infinite));
        Assert.Equal(WaitStatus.Cancelled, Receive(waiter, Deadline.NoWait));
        Assert.Equal(WaitStatus.Cancelled, Receive(waiter, Deadline.After(TimeSpan.FromHours(1))));
        Assert.Equal(1, _queue.Status.MessageCount);
    }

    [Fact]
    public void Cancel_may_come_from_several_threads_at_once_and_again()
    {
        for (int round = 0; round < 100; round++)
        {
            using Waiter waiter = new();
            Worker<WaitStatus> receiver = Worker<WaitStatus>.Start(() => Receive(waiter, Deadline.Infinite)).WaitUntilBlocked();
            using Barrier together = new(4);
            Worker<bool>[] cancellers = [.. Enumerable.Range(0, 4).Select(_ => Worker<bool>.Start(() =>
            {
                together.SignalAndWait();
                waiter.Cancel();
                return true;
            }))];
            Assert.All(cancellers, canceller => Assert.True(canceller.Result()));
            Assert.Equal(WaitStatus.Cancelled, receiver.Result());
            waiter.Cancel();
        }
    }

    [Fact]
    public void Cancel_returns_only_when_no_call_is_in_progress()
    {
        using Waiter waiter = new();
        Worker<WaitStatus> receiver = Worker<WaitStatus>.Start(() => Receive(waiter, Deadline.Infinite)).WaitUntilBlocked();
        waiter.Cancel();
        _queue.Send(1, [7]); // nobody can take it any more
        Assert.Equal(WaitStatus.Cancelled, receiver.Result());
        Assert.Equal(1, _queue.Status.MessageCount);
    }

    [Fact]
    public void Cancel_after_Dispose_does_nothing()
    {
        Waiter waiter = new();
        Assert.Equal(WaitStatus.TimedOut, Receive(waiter, Deadline.After(TimeSpan.FromMilliseconds(1))));
        waiter.Dispose();
        waiter.Dispose();
        waiter.Cancel();
        Assert.True(waiter.IsCancelled);
    }

    [Fact]
    public void A_waiter_serves_one_thread_after_the_other()
    {
        using Waiter waiter = new();
        for (int round = 0; round < 3; round++)
        {
            Worker<WaitStatus> timed = Worker<WaitStatus>.Start(() => Receive(waiter, Deadline.After(TimeSpan.FromMilliseconds(20))));
            Assert.Equal(WaitStatus.TimedOut, timed.Result());
        }

        Assert.Equal(WaitStatus.TimedOut, Receive(waiter, Deadline.After(TimeSpan.FromMilliseconds(20))));
        Worker<WaitStatus> last = Worker<WaitStatus>.Start(() => Receive(waiter, Deadline.Infinite)).WaitUntilBlocked();
        waiter.Cancel();
        Assert.Equal(WaitStatus.Cancelled, last.Result());
    }

    /// <summary>.NET gives the managed number of a thread that has ended to a later one.</summary>
    [Fact]
    public void A_waiter_knows_a_new_thread_whatever_its_managed_number()
    {
        using Waiter waiter = new();
        int number = Worker<int>.Start(() =>
        {
            Receive(waiter, Deadline.After(TimeSpan.FromMilliseconds(1)));
            return Environment.CurrentManagedThreadId;
        }).Result();

        // Looks for a thread of the same number; that there is none in fifty is as good.
        Worker<WaitStatus>? next = null;
        for (int attempt = 0; next is null && attempt < 50; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers(); // numbers of dead threads are free once their objects are finalised
            using ManualResetEventSlim go = new();
            int now = 0;
            bool mayGo = false;
            Worker<WaitStatus> candidate = Worker<WaitStatus>.Start(() =>
            {
                Volatile.Write(ref now, Environment.CurrentManagedThreadId);
                go.Wait();
                return mayGo ? Receive(waiter, Deadline.Infinite) : WaitStatus.Done;
            });
            Kernel.WaitUntil(() => Volatile.Read(ref now) != 0, "the thread tells its number");
            mayGo = now == number || attempt == 49;
            go.Set();
            next = mayGo ? candidate : null;
            if (!mayGo)
            {
                Assert.Equal(WaitStatus.Done, candidate.Result());
            }
        }

        next!.WaitUntilBlocked();
        Assert.True(Worker<bool>.Start(() =>
        {
            waiter.Cancel();
            return true;
        }).Result());
        Assert.Equal(WaitStatus.Cancelled, next.Result());
    }

    [Fact]
    public void A_call_that_may_not_block_says_so()
    {
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.WouldBlock, Receive(waiter, Deadline.NoWait));
        using TemporaryPosixQueue posix = new(1, 1);
        byte[] buffer = new byte[1];
        Assert.Equal(WaitStatus.WouldBlock, posix.Queue.Receive(buffer, waiter, Deadline.NoWait, out _, out _));
        Assert.Equal(WaitStatus.Done, posix.Queue.Send(buffer, 0, waiter, Deadline.NoWait));
        Assert.Equal(WaitStatus.WouldBlock, posix.Queue.Send(buffer, 0, waiter, Deadline.NoWait));
    }

    /// <summary>Such a descriptor never waits, whatever the deadline: that is no failure.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_queue_opened_non_blocking_never_waits(bool infinite)
    {
        using Waiter waiter = new();
        using TemporaryPosixQueue posix = new(1, 1);
        using Native.Posix.PosixMessageQueue queue = Native.Posix.PosixMessageQueue.Open(
            posix.Name, Native.Posix.PosixMessageQueue.Access.Receive | Native.Posix.PosixMessageQueue.Access.Send, nonBlocking: true);
        Deadline deadline = infinite ? Deadline.Infinite : Deadline.After(TimeSpan.FromHours(1));
        byte[] buffer = new byte[1];
        Assert.Equal(WaitStatus.WouldBlock, queue.Receive(buffer, waiter, deadline, out _, out _));
        Assert.Equal(WaitStatus.Done, queue.Send(buffer, 0, waiter, deadline));
        Assert.Equal(WaitStatus.WouldBlock, queue.Send(buffer, 0, waiter, deadline));
    }

    private WaitStatus Receive(Waiter waiter, Deadline deadline) =>
        _queue.Queue.Receive(new MessageBuffer(8), int.MaxValue, 0, SysVReceiveOptions.None, waiter, deadline, out _);
}
