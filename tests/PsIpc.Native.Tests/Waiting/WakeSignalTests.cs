using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using PsIpc.Native.Interop;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

public sealed class WakeSignalTests : IDisposable
{
    private const int SIGCHLD = 17;
    private const int SIGWINCH = 28;
    private const int Messages = 100;
    private readonly TemporarySysVQueue _queue = new();

    public void Dispose() => _queue.Dispose();

    [Fact]
    public unsafe void Its_number_is_nobody_elses_and_its_handler_does_nothing()
    {
        Assert.InRange(WakeSignal.Number, 35, 64);
        Libc.sigaction_t action;
        Assert.Equal(0, Libc.sigaction(WakeSignal.Number, null, &action));
        Assert.Equal(Libc.AddressOf("abs"), action.sa_handler);
        const int SA_RESTART = 0x10000000;
        Assert.Equal(0, action.sa_flags & SA_RESTART);
    }

    [Fact]
    public void A_second_copy_of_the_library_chooses_the_same_signal()
    {
        int ours = WakeSignal.Number;
        AssemblyLoadContext context = new("second copy", isCollectible: false);
        Assembly copy = context.LoadFromAssemblyPath(typeof(WakeSignal).Assembly.Location);
        Assert.NotSame(typeof(WakeSignal).Assembly, copy);
        PropertyInfo number = copy.GetType(typeof(WakeSignal).FullName!, throwOnError: true)!
            .GetProperty(nameof(WakeSignal.Number), BindingFlags.Static | BindingFlags.NonPublic)!;
        Assert.Equal(ours, number.GetValue(null));
    }

    /// <summary>Programs of others may have taken the highest real-time signals before.</summary>
    [Fact]
    public void A_signal_that_somebody_handles_is_left_to_him() => Child.Run(HighestAreTaken);

    [Fact]
    public void Where_every_signal_is_taken_the_error_says_so() => Child.Run(AllAreTaken);

    [Fact]
    public unsafe void A_thread_that_blocks_all_signals_can_still_be_woken()
    {
        using Waiter waiter = new();
        Worker<WaitStatus> receiver = Worker<WaitStatus>.Start(() =>
        {
            Libc.sigset_t everything = new();
            new Span<byte>(&everything, sizeof(Libc.sigset_t)).Fill(0xFF);
            const int SIG_BLOCK = 0;
            Assert.Equal(0, Libc.pthread_sigmask(SIG_BLOCK, &everything, null));
            return Receive(waiter);
        }).WaitUntilBlocked();
        Assert.True(IsBlocked(receiver.ThreadId, SIGWINCH), "The mask is in force.");
        Assert.False(IsBlocked(receiver.ThreadId, WakeSignal.Number));
        waiter.Cancel();
        Assert.Equal(WaitStatus.Cancelled, receiver.Result());
    }

    /// <summary>EINTR alone ends no wait: only a cancellation, a deadline or a message does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_storm_of_signals_ends_no_wait(bool timed)
    {
        using Waiter waiter = new();
        int calls = 0;
        Deadline deadline = timed ? Deadline.After(TimeSpan.FromHours(1)) : Deadline.Infinite;
        Worker<List<byte>> receiver = Worker<List<byte>>.Start(() =>
        {
            List<byte> got = [];
            MessageBuffer buffer = new(8);
            while (got.Count < Messages)
            {
                Assert.Equal(WaitStatus.Done, _queue.Queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, deadline, out int length));
                Assert.Equal(1, length);
                got.Add(buffer.Data[0]);
                Interlocked.Increment(ref calls);
            }

            return got;
        }).WaitUntilBlocked();
        bool stop = false;
        int sent = 0;
        Worker<bool> storm = Worker<bool>.Start(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                foreach (int signal in (ReadOnlySpan<int>)[WakeSignal.Number, SIGCHLD, SIGWINCH])
                {
                    _ = Libc.tgkill(Environment.ProcessId, receiver.ThreadId, signal);
                }

                // Real-time signals queue up; only what was delivered is part of a storm.
                Kernel.WaitUntil(() => !receiver.IsAlive || Signals(receiver.ThreadId, "SigPnd:") == 0, "the signals are delivered");
                Interlocked.Increment(ref sent);
            }

            return true;
        });
        try
        {
            for (int i = 0; i < Messages; i++)
            {
                int before = Volatile.Read(ref sent);
                Kernel.WaitUntil(() => Volatile.Read(ref sent) > before + 3, "the storm goes on");
                Assert.Equal(i, Volatile.Read(ref calls));
                _queue.Send(1, [(byte)i]);
                Kernel.WaitUntil(() => Volatile.Read(ref calls) == i + 1 || !receiver.IsAlive, "the message is received");
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            storm.Result();
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => (byte)i), receiver.Result());
    }

    /// <summary>errno is read after the call has come back, when a collection may have come between.</summary>
    [Fact]
    public void Garbage_collection_does_not_spoil_errno()
    {
        using Waiter waiter = new();
        bool stop = false;
        Worker<bool> collector = Worker<bool>.Start(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect(0);
            }

            return true;
        });
        try
        {
            MessageBuffer buffer = new(8);
            int until = GC.CollectionCount(0) + 300;
            while (GC.CollectionCount(0) < until)
            {
                Assert.Equal(WaitStatus.WouldBlock,
                    _queue.Queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.NoWait, out _));
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            collector.Result();
        }
    }

    private static unsafe void HighestAreTaken()
    {
        Libc.sigaction_t somebody = new() { sa_handler = Libc.AddressOf("labs") };
        Assert.Equal(0, Libc.sigaction(64, &somebody, null));
        Assert.Equal(0, Libc.sigaction(63, &somebody, null));
        Assert.Equal(62, WakeSignal.Number);
        Libc.sigaction_t now;
        Assert.Equal(0, Libc.sigaction(64, null, &now));
        Assert.Equal(somebody.sa_handler, now.sa_handler);
    }

    private static unsafe void AllAreTaken()
    {
        Libc.sigaction_t somebody = new() { sa_handler = Libc.AddressOf("labs") };
        for (int signal = 35; signal <= 64; signal++)
        {
            Assert.Equal(0, Libc.sigaction(signal, &somebody, null));
        }

        Assert.Equal(Errno.EBUSY, Assert.Throws<IpcException>(() => WakeSignal.Number).Errno);
        Libc.sigaction_t nobody = default;
        Assert.Equal(0, Libc.sigaction(50, &nobody, null));
        Assert.Equal(50, WakeSignal.Number); // one became free
    }

    private static bool IsBlocked(int threadId, int signal) => (Signals(threadId, "SigBlk:") & (1UL << (signal - 1))) != 0;

    private static ulong Signals(int threadId, string field)
    {
        try
        {
            string line = File.ReadLines($"/proc/self/task/{threadId}/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
            return ulong.Parse(line[field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }

    private WaitStatus Receive(Waiter waiter) =>
        _queue.Queue.Receive(new MessageBuffer(8), int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.Infinite, out _);
}
