using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

public sealed class DeadlineTests : IDisposable
{
    private readonly TemporarySysVQueue _queue = new();

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void No_wait_infinite_and_a_moment_are_told_apart()
    {
        Assert.True(Deadline.NoWait.IsNoWait);
        Assert.True(default(Deadline).IsNoWait);
        Assert.True(Deadline.Infinite.IsInfinite);
        Assert.False(Deadline.Infinite.HasPassed);
        Deadline soon = Deadline.After(TimeSpan.Zero);
        Assert.False(soon.IsNoWait || soon.IsInfinite);
        Assert.True(soon.HasPassed);
        Assert.Equal(TimeSpan.Zero, soon.Remaining);
        Assert.True(soon == Deadline.After(TimeSpan.Zero) || soon != Deadline.After(TimeSpan.FromDays(1)));
        Assert.NotEqual(Deadline.NoWait, Deadline.Infinite);
        Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(TimeSpan.FromTicks(-1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(36500)]
    public void A_deadline_days_ahead_is_as_far_as_was_said(int days)
    {
        Deadline deadline = Deadline.After(TimeSpan.FromDays(days));
        Assert.False(deadline.IsInfinite || deadline.HasPassed);
        Assert.InRange(deadline.Remaining, TimeSpan.FromDays(days) - TimeSpan.FromHours(1), TimeSpan.FromDays(days));
    }

    [Fact]
    public void A_deadline_beyond_the_clock_never_comes() => Assert.True(Deadline.After(TimeSpan.MaxValue).IsInfinite);

    [Fact]
    public void A_wait_ends_at_its_deadline_and_not_before()
    {
        using Waiter waiter = new();
        TimeSpan time = TimeSpan.FromMilliseconds(30);
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(WaitStatus.TimedOut, Receive(waiter, Deadline.After(time)));
        Assert.True(Stopwatch.GetElapsedTime(start) >= time);
        Assert.Equal(WaitStatus.TimedOut, Receive(waiter, Deadline.After(TimeSpan.Zero)));
    }

    [Fact]
    public void A_passed_deadline_still_takes_what_is_there()
    {
        using Waiter waiter = new();
        _queue.Send(1, [7]);
        Assert.Equal(WaitStatus.Done, Receive(waiter, Deadline.After(TimeSpan.Zero)));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(36500)]
    [InlineData(10675199)]
    public void A_wait_with_a_deadline_days_ahead_ends_by_its_message(int days)
    {
        using Waiter waiter = new();
        Deadline deadline = Deadline.After(days == 10675199 ? TimeSpan.MaxValue : TimeSpan.FromDays(days));
        Worker<WaitStatus> receiver = Worker<WaitStatus>.Start(() => Receive(waiter, deadline)).WaitUntilBlocked();
        _queue.Send(1, [7]);
        Assert.Equal(WaitStatus.Done, receiver.Result());
    }

    [Fact]
    public void A_sender_times_out_as_well_and_both_kinds_of_queue_do()
    {
        using Waiter waiter = new();
        MessageBuffer buffer = new(8) { Type = 1 };
        _queue.Queue.Set(null, null, null, 8);
        Assert.Equal(WaitStatus.Done, _queue.Queue.Send(buffer, 8, waiter, Soon()));
        Assert.Equal(WaitStatus.TimedOut, _queue.Queue.Send(buffer, 8, waiter, Soon()));
        using TemporaryPosixQueue posix = new(1, 1);
        using Native.Posix.PosixMessageQueue queue = Native.Posix.PosixMessageQueue.Open(
            posix.Name, Native.Posix.PosixMessageQueue.Access.Receive | Native.Posix.PosixMessageQueue.Access.Send, nonBlocking: false);
        byte[] data = new byte[1];
        Assert.Equal(WaitStatus.TimedOut, queue.Receive(data, waiter, Soon(), out _, out _));
        Assert.Equal(WaitStatus.Done, queue.Send(data, 0, waiter, Soon()));
        Assert.Equal(WaitStatus.TimedOut, queue.Send(data, 0, waiter, Soon()));
        Assert.Equal(WaitStatus.Done, queue.Receive(data, waiter, Soon(), out _, out _));
    }

    [Fact]
    public void A_waiter_has_one_timer_and_frees_it()
    {
        Collect();
        int before = Kernel.CountTimers();
        using (Waiter waiter = new())
        {
            Receive(waiter, Deadline.NoWait);
            Assert.Equal(before, Kernel.CountTimers());
            WaitWithTimer(waiter);
            for (int i = 0; i < 10; i++)
            {
                Receive(waiter, Soon());
            }

            Assert.Equal(before + 1, Kernel.CountTimers());
        }

        Assert.Equal(before, Kernel.CountTimers());
    }

    [Fact]
    public void A_forgotten_waiter_frees_its_timer()
    {
        Collect();
        int before = Kernel.CountTimers();
        Forget();
        Collect();
        Assert.Equal(before, Kernel.CountTimers());
    }

    /// <summary>Timers count as queued signals (RLIMIT_SIGPENDING); the kernel's first one has the number 0.</summary>
    [Fact]
    public void A_timer_that_could_not_be_made_is_an_error_and_frees_nobody_elses() =>
        Child.Run(TimersRunOut, Child.Limit("--sigpending=64"));

    private static void TimersRunOut()
    {
        using DeadlineTests test = new();
        System.Collections.Generic.List<Waiter> waiters = [];
        IpcException? failure = null;
        while (failure is null)
        {
            Waiter waiter = new();
            try
            {
                test.WaitWithTimer(waiter);
                waiters.Add(waiter);
            }
            catch (IpcException e)
            {
                failure = e;
            }
        }

        Assert.Equal("timer_create", failure.Call);
        Assert.Equal(Errno.EAGAIN, failure.Errno);
        Assert.NotEmpty(waiters);
        Collect();
        Assert.Equal(waiters.Count, Kernel.CountTimers());
        Assert.All(waiters, waiter => Assert.Equal(WaitStatus.TimedOut, test.Receive(waiter, Soon())));
        waiters.ForEach(waiter => waiter.Dispose());
        Assert.Equal(0, Kernel.CountTimers());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget()
    {
#pragma warning disable CA2000 // Forgotten on purpose.
        WaitWithTimer(new Waiter());
#pragma warning restore CA2000
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Waits until the waiter has a timer: a deadline that has passed before the call blocks needs none.</summary>
    private void WaitWithTimer(Waiter waiter)
    {
        int before = Kernel.CountTimers();
        bool hasOne = false;
        for (TimeSpan time = TimeSpan.FromMilliseconds(1); !hasOne; time *= 2)
        {
            Assert.Equal(WaitStatus.TimedOut, Receive(waiter, Deadline.After(time)));
            hasOne = Kernel.CountTimers() > before;
        }
    }

    private static Deadline Soon() => Deadline.After(TimeSpan.FromMilliseconds(2));

    private WaitStatus Receive(Waiter waiter, Deadline deadline) =>
        _queue.Queue.Receive(new MessageBuffer(8), int.MaxValue, 0, SysVReceiveOptions.None, waiter, deadline, out _);
}
