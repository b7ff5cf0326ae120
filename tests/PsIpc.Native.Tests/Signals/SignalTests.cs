using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using PsIpc.Native.Interop;
using PsIpc.Native.Signals;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Signals;

public sealed class SignalTests : IDisposable
{
    internal const int SIGHUP = 1;
    internal const int SIGUSR1 = 10;
    internal const int SIGUSR2 = 12;
    internal const int RealTime = 40;
    private const int Burst = 10_000;

    private readonly Waiter _waiter = new();

    private static Deadline Guard => Deadline.After(Peer.Patience);

    private static string Self => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static string RealTimeText => RealTime.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _waiter.Dispose();
        Assert.Equal(0UL, Caught() & (Bit(SIGHUP) | Bit(SIGUSR1) | Bit(SIGUSR2) | Bit(RealTime))); // all is as it was
        Kernel.WaitUntil(() => Kernel.CountThreads("PsIpc signal") == 0, "the readers have ended");
    }

    [Fact]
    public void Kill_tells_who_sent_it()
    {
        using SignalSubscription subscription = new(SIGUSR1);
        using Peer shell = Peer.Start(["sh", "-c", $"kill -USR1 {Self}; read wait"]);
        SignalRecord record = Take(subscription);
        Assert.Equal((SIGUSR1, "SI_USER", shell.Id, Libc.getuid(), (int?)null), (record.Number, record.CodeName, record.SenderPid, record.SenderUid, record.IntegerValue));
        Assert.Equal(DateTimeKind.Local, record.Time.Kind);
    }

    [Theory]
    [InlineData(42)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void Kill_q_gives_a_value(int value)
    {
        using SignalSubscription subscription = new(RealTime);
        string text = value.ToString(CultureInfo.InvariantCulture);
        using Peer kill = Peer.Start([Require.Tool("kill"), "-s", RealTimeText, "-q", text, Self]);
        kill.Finish();
        SignalRecord record = Take(subscription);
        Assert.Equal((RealTime, "SI_QUEUE", kill.Id, value), (record.Number, record.CodeName, record.SenderPid, record.IntegerValue));
    }

    [Fact]
    public void Each_subscription_gets_each_signal_that_it_wants()
    {
        using SignalSubscription both = new(SIGUSR1, RealTime);
        using SignalSubscription one = new(RealTime);
        SendToSelf(SIGUSR1, null);
        SendToSelf(RealTime, 7);
        SignalRecord[] records = [Take(both), Take(both)];
        Assert.Equal([SIGUSR1, RealTime], records.Select(record => record.Number).Order());
        Assert.Equal(7, Take(one).IntegerValue);
        Assert.False(one.TryTake(out _));
        one.Dispose();
        SendToSelf(RealTime, 8); // the other still wants it
        Assert.Equal(8, Take(both).IntegerValue);
    }

    [Fact]
    public void It_is_in_effect_when_it_is_made_and_no_more_when_it_is_disposed()
    {
        Assert.Equal(0UL, Caught() & Bit(SIGUSR1));
        for (int i = 0; i < 200; i++)
        {
            using SignalSubscription subscription = new(SIGUSR1, RealTime);
            Assert.NotEqual(0UL, Caught() & Bit(SIGUSR1));
            Assert.True(SignalSubscription.IsWaitedFor(SIGUSR1));
            SendToSelf(SIGUSR1, null);
            SendToSelf(RealTime, i);
            if (i % 2 == 0)
            {
                _ = Take(subscription);
                _ = Take(subscription);
            }

            subscription.Dispose();
            Assert.Equal(0UL, Caught() & (Bit(SIGUSR1) | Bit(RealTime)));
            Assert.False(SignalSubscription.IsWaitedFor(SIGUSR1));
        }
    }

    [Fact]
    public void What_came_before_the_end_can_still_be_taken()
    {
        SignalSubscription subscription = new(RealTime);
        for (int i = 0; i < 100; i++)
        {
            SendToSelf(RealTime, i);
        }

        _ = Take(subscription);
        Kernel.WaitUntil(() => Status("ShdPnd") == 0, "the kernel has delivered all");
        subscription.Dispose();
        int left = 0;
        while (subscription.TryTake(out _))
        {
            left++;
        }

        Assert.Equal(99, left);
    }

    [Fact]
    public void Ten_thousand_from_C_arrive_while_memory_is_collected()
    {
        using CancellationTokenSource done = new();
        Worker<int> litter = Worker<int>.Start(() => Litter(done.Token));
        using SignalSubscription subscription = new(RealTime);
        Peer sender = CPeer.Start("signalpeer.c", "send", Self, RealTimeText, Burst.ToString(CultureInfo.InvariantCulture));
        using (sender)
        {
            List<int> values = [];
            while (values.Count < Burst)
            {
                values.Add(Take(subscription).IntegerValue!.Value);
            }

            Assert.StartsWith($"sent {Burst} ", sender.Finish(), StringComparison.Ordinal);
            Assert.Equal(Enumerable.Range(0, Burst), values.Order());
            Assert.False(subscription.TryTake(out _));
        }

        done.Cancel();
        Assert.True(litter.Result() > 0);

        // The file that they went through is exchanged for an empty one.
        string file = Directory.GetFiles("/proc/self/fd").First(path => new FileInfo(path).LinkTarget?.Contains("psipc-signals", StringComparison.Ordinal) == true);
        Assert.InRange(FileSize(file), 0, 256 * 1024);
    }

    [Fact]
    public void A_sender_meets_the_limit_and_all_arrive()
    {
        _ = CPeer.Build("signalpeer.c");
        Child.Run(ReceiveUnderLimit, CPeer.Build("signalpeer.c"), Child.Limit("--sigpending=100"));
    }

    [Fact]
    public void A_wait_can_be_cancelled_and_can_time_out()
    {
        using SignalSubscription subscription = new(RealTime);
        Assert.Equal(WaitStatus.WouldBlock, subscription.Take(_waiter, Deadline.NoWait, out _));
        Assert.Equal(WaitStatus.TimedOut, subscription.Take(_waiter, Deadline.After(TimeSpan.FromMilliseconds(1)), out _));
        using Waiter cancelled = new();
        Worker<WaitStatus> waiting = Worker<WaitStatus>.Start(() => subscription.Take(cancelled, Deadline.Infinite, out _));
        Kernel.WaitUntil(() => Kernel.IsBlockedIn(Environment.ProcessId, waiting.ThreadId, 7), "it waits in poll");
        cancelled.Cancel();
        Assert.Equal(WaitStatus.Cancelled, waiting.Result());
        SendToSelf(RealTime, 5);
        Assert.Equal(WaitStatus.Cancelled, subscription.Take(cancelled, Guard, out _)); // nothing is taken after the stop
        Assert.Equal(5, Take(subscription).IntegerValue);
    }

    [Fact]
    public void A_wait_ends_in_time_where_no_timer_is_to_be_had() => Child.Run(WaitWithoutTimer, Child.Limit("--sigpending=0"));

    [Fact]
    public void What_the_runtime_lives_by_is_refused() => Child.Run(RefuseWhatIsHandled, ["/usr/bin/env", "--default-signal=INT,TERM,HUP"]); // nohup(1) ignores SIGHUP in all children

    [Fact]
    public void What_others_handle_is_refused() => Child.Run(RefuseWhatIsTaken);

    [Fact]
    public void An_ignored_signal_is_ignored_again() => Child.Run(ReceiveWhatIsIgnored, ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]);

    [Fact]
    public void A_listener_raises_an_event_for_each_and_may_be_disposed_from_one()
    {
        const int count = 500;
        int seen = 0;
        using SignalListener listener = new(RealTime);
        SendToSelf(RealTime, 0); // before it is started
        listener.Received += (_, signal) =>
        {
            Assert.Equal(("SIGRTMIN+6", RealTime, "SI_QUEUE", Environment.ProcessId), (signal.Signal, signal.Number, signal.Code, signal.SenderPid));
            if (Interlocked.Increment(ref seen) == count)
            {
                listener.Dispose();
            }
        };
        listener.Start();
        for (int i = 1; i < count; i++)
        {
            SendToSelf(RealTime, i);
        }

        Kernel.WaitUntil(() => Volatile.Read(ref seen) == count && !SignalSubscription.IsWaitedFor(RealTime), "all were told of, and it has ended");
    }

    [Fact]
    public void Programs_that_are_started_meanwhile_have_none_of_it()
    {
        using SignalSubscription subscription = new(SIGUSR1, RealTime);
        Assert.Equal(0UL, ulong.Parse(
            Peer.Run("sed", "-n", "s/^SigCgt:\\t//p", "/proc/self/status"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (Bit(SIGUSR1) | Bit(RealTime)));
        Assert.DoesNotContain("psipc", Peer.Run("ls", "-l", "/proc/self/fd"), StringComparison.Ordinal);
    }

    internal static ulong Bit(int signal) => 1UL << (signal - 1);

    internal static ulong Caught() => Status("SigCgt");

    private static ulong Status(string name) => ulong.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static long FileSize(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return file.Length;
    }

    private static void SendToSelf(int signal, int? value)
    {
        using SignalTarget self = SignalTarget.Open(Environment.ProcessId);
        self.Send(signal, value);
    }

    private static int Litter(CancellationToken done)
    {
        int rounds = 0;
        List<byte[]> kept = [];
        while (!done.IsCancellationRequested || rounds == 0)
        {
            for (int i = 0; i < 1000; i++)
            {
                kept.Add(new byte[1000]);
            }

            kept.Clear();
            GC.Collect(rounds++ % 3);
        }

        return rounds;
    }

    private static SignalRecord Take(SignalSubscription subscription)
    {
        using Waiter waiter = new();
        Assert.Equal(WaitStatus.Done, subscription.Take(waiter, Guard, out SignalRecord record));
        return record;
    }

    internal static void WaitWithoutTimer()
    {
        using Waiter waiter = new();
        using SignalSubscription subscription = new(SIGUSR1);
        Assert.Equal(WaitStatus.TimedOut, subscription.Take(waiter, Deadline.After(TimeSpan.FromMilliseconds(5)), out _));
        SendToSelf(SIGUSR1, null);
        Assert.Equal(WaitStatus.Done, subscription.Take(waiter, Guard, out _));
    }

    internal static void ReceiveUnderLimit()
    {
        using SignalSubscription subscription = new(RealTime);
        using Peer sender = Peer.Start([Child.Argument, "send", Self, RealTimeText, Burst.ToString(CultureInfo.InvariantCulture)]);
        HashSet<int> values = [];
        while (values.Count < Burst)
        {
            Assert.True(values.Add(Take(subscription).IntegerValue!.Value));
        }

        Assert.StartsWith($"sent {Burst} ", sender.Finish(), StringComparison.Ordinal);
    }

    internal static void RefuseWhatIsTaken()
    {
        using (PosixSignalRegistration.Create((PosixSignal)SIGUSR1, _ => { }))
        {
            SignalTakenException taken = Assert.Throws<SignalTakenException>(() => new SignalSubscription(SIGHUP, SIGUSR1));
            Assert.Equal(SIGUSR1, taken.Signal);
            Assert.Equal(0UL, Caught() & Bit(SIGHUP)); // the other was given back
        }
    }

    internal static void ReceiveWhatIsIgnored()
    {
        Assert.NotEqual(0UL, Status("SigIgn") & Bit(SIGHUP));
        using (SignalSubscription subscription = new(SIGHUP))
        {
            SendToSelf(SIGHUP, null);
            Assert.Equal(SIGHUP, Take(subscription).Number);
        }

        Assert.NotEqual(0UL, Status("SigIgn") & Bit(SIGHUP));
    }

    internal static void RefuseWhatIsHandled()
    {
        using (System.Diagnostics.Process.Start("true"))
        {
            // SIGCHLD is handled from the first child on.
        }

        ulong handled = Caught() | Status("SigIgn");
        _ = WakeSignal.Number;
        handled |= Caught();
        Assert.True(System.Numerics.BitOperations.PopCount(handled) > 10);
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((handled & Bit(signal)) != 0)
            {
                Assert.NotEqual(SignalRefusal.None, SignalName.WhyNotWaitable(signal));
                Assert.Throws<ArgumentOutOfRangeException>(() => new SignalSubscription(SIGUSR1, signal));
            }
            else if (SignalName.WhyNotWaitable(signal) == SignalRefusal.None)
            {
                using SignalSubscription subscription = new(signal);
                Assert.NotEqual(0UL, Caught() & Bit(signal));
            }
        }

        Assert.Equal(handled, Caught() | Status("SigIgn"));
    }
}
