using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

/// <summary>
/// A blocked call is cancelled a thousand times while, at a random moment, what it waits for happens. Either the call is
/// done or it is cancelled; a message is received once, or left; none is lost or doubled.
/// </summary>
public sealed class CancelRaceTests
{
    private const int Rounds = 1000;

    [Fact]
    public void A_thousand_cancelled_msgrcv_lose_and_double_no_message()
    {
        using TemporarySysVQueue queue = new();
        MessageBuffer buffer = new(Numbered.Length);
        Receivers(
            waiter => Found(queue.Queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.Infinite, out int length), buffer.Data, length),
            number => Assert.Equal(WaitStatus.Done, queue.Send(1, Numbered.Message(number))),
            () => queue.Receive() is { } message ? Numbered.Of(message.Data) : null);
    }

    [Fact]
    public void A_thousand_cancelled_mq_receive_lose_and_double_no_message()
    {
        using TemporaryPosixQueue queue = new(10, Numbered.Length);
        byte[] buffer = new byte[Numbered.Length];
        using Native.Posix.PosixMessageQueue receiver =
            Native.Posix.PosixMessageQueue.Open(queue.Name, Native.Posix.PosixMessageQueue.Access.Receive, nonBlocking: false);
        Receivers(
            waiter => Found(receiver.Receive(buffer, waiter, Deadline.Infinite, out int length, out _), buffer, length),
            number => Assert.Equal(WaitStatus.Done, queue.Send(0, Numbered.Message(number))),
            () => queue.Receive() is { } message ? Numbered.Of(message.Data) : null);
    }

    [Fact]
    public void A_thousand_cancelled_msgsnd_send_once_or_not_at_all()
    {
        using TemporarySysVQueue queue = new();
        MessageBuffer buffer = new(Numbered.Length) { Type = 1 };
        queue.Queue.Set(null, null, null, 4 * Numbered.Length);
        Senders(
            (waiter, number) =>
            {
                Numbered.Message(number).CopyTo(buffer.Data);
                return queue.Queue.Send(buffer, Numbered.Length, waiter, Deadline.Infinite);
            },
            number => queue.Send(1, Numbered.Message(number)) == WaitStatus.Done,
            () => queue.Receive() is { } message ? Numbered.Of(message.Data) : null);
    }

    [Fact]
    public void A_thousand_cancelled_mq_send_send_once_or_not_at_all()
    {
        using TemporaryPosixQueue queue = new(4, Numbered.Length);
        using Native.Posix.PosixMessageQueue sender =
            Native.Posix.PosixMessageQueue.Open(queue.Name, Native.Posix.PosixMessageQueue.Access.Send, nonBlocking: false);
        Senders(
            (waiter, number) => sender.Send(Numbered.Message(number), 0, waiter, Deadline.Infinite),
            number => queue.Send(0, Numbered.Message(number)) == WaitStatus.Done,
            () => queue.Receive() is { } message ? Numbered.Of(message.Data) : null);
    }

    private static int? Found(WaitStatus status, ReadOnlySpan<byte> data, int length)
    {
        Assert.True(status is WaitStatus.Done or WaitStatus.Cancelled);
        return status == WaitStatus.Done ? Numbered.Of(data[..length]) : null;
    }

    /// <summary>Each round: the receiver blocks; then one message comes and the cancellation comes, in either order.</summary>
    private static void Receivers(Func<Waiter, int?> receive, Action<int> send, Func<int?> drain)
    {
        List<int> seen = [];
        Random random = new(1);
        using Loop<Waiter, int?> receiver = new(receive);
        using Loop<int, bool> sender = new(number =>
        {
            Spin(random.Next(200));
            send(number);
            return true;
        });
        for (int round = 0; round < Rounds; round++)
        {
            using Waiter waiter = new();
            receiver.Begin(waiter);
            if (round % 4 != 0)
            {
                receiver.WaitUntilBlocked(); // the fourth round looks at the way into the call instead
            }

            int before = Environment.TickCount & 127;
            sender.Begin(round);
            Spin(before);
            waiter.Cancel();
            int? got = receiver.End();
            _ = sender.End();
            int? left = drain();
            Assert.True(got is null != left is null, $"Round {round}: received {got}, left {left}.");
            seen.Add((got ?? left)!.Value);
        }

        Assert.Equal(Enumerable.Range(0, Rounds), seen);
        Assert.Null(drain());
    }

    /// <summary>Each round: the queue is full, the sender blocks; then one message is taken and the cancellation comes.</summary>
    private static void Senders(Func<Waiter, int, WaitStatus> send, Func<int, bool> trySend, Func<int?> take)
    {
        List<int> sent = [];
        List<int> received = [];
        int next = 0;
        while (trySend(next))
        {
            sent.Add(next++);
        }

        Random random = new(2);
        using Loop<(Waiter, int), WaitStatus> sender = new(job => send(job.Item1, job.Item2));
        using Loop<int, int?> receiver = new(delay =>
        {
            Spin(delay);
            return take();
        });
        for (int round = 0; round < Rounds; round++)
        {
            using Waiter waiter = new();
            int number = next++;
            sender.Begin((waiter, number));
            if (round % 4 != 0)
            {
                sender.WaitUntilBlocked();
            }

            receiver.Begin(random.Next(200));
            Spin(random.Next(200));
            waiter.Cancel();
            WaitStatus status = sender.End();
            Assert.True(status is WaitStatus.Done or WaitStatus.Cancelled);
            received.Add(receiver.End()!.Value);
            if (status == WaitStatus.Done)
            {
                sent.Add(number);
            }
            else
            {
                number = next++;
                Assert.True(trySend(number), "A message was taken and none was sent: there is room.");
                sent.Add(number);
            }

            Assert.False(trySend(-1), "The queue is full again.");
        }

        while (take() is { } left)
        {
            received.Add(left);
        }

        Assert.Equal(sent, received);
    }

    private static void Spin(int microseconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
            Thread.SpinWait(1);
        }
    }

    /// <summary>A thread that does one job after the other.</summary>
    private sealed class Loop<TJob, TResult> : IDisposable
    {
        private readonly SemaphoreSlim _begin = new(0);
        private readonly SemaphoreSlim _end = new(0);
        private readonly Worker<bool> _worker;
        private TJob? _job;
        private TResult? _result;
        private volatile bool _stop;

        internal Loop(Func<TJob, TResult> work) => _worker = Worker<bool>.Start(() =>
        {
            while (true)
            {
                _begin.Wait();
                if (_stop)
                {
                    return true;
                }

                try
                {
                    _result = work(_job!);
                }
                finally
                {
                    _end.Release();
                }
            }
        });

        internal void Begin(TJob job)
        {
            _job = job;
            _begin.Release();
        }

        internal void WaitUntilBlocked() => _worker.WaitUntilBlocked();

        internal TResult End()
        {
            Assert.True(_end.Wait(Peer.Patience), "The call does not come back.");
            if (!_worker.IsAlive)
            {
                _ = _worker.Result();
            }

            return _result!;
        }

        public void Dispose()
        {
            _stop = true;
            _begin.Release();
            _begin.Dispose();
        }
    }
}
