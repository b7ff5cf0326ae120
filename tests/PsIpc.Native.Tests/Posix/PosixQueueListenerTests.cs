using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Threading;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Posix;

public sealed class PosixQueueListenerTests : IDisposable
{
    private const string ThreadName = "PsIpc listens"; // of which the kernel keeps 15 characters

    private readonly TemporaryPosixQueue _queue = new(10, 64);

    public void Dispose()
    {
        _queue.Dispose();
        Kernel.WaitUntil(() => Kernel.CountThreads(ThreadName) == 0, "every listener's thread has ended");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_tells_of_messages_that_were_there_before(bool exclusive)
    {
        _queue.Send(0, [1]);
        _queue.Send(0, [2]);
        using Ears ears = new(_queue.Name, exclusive);
        PosixQueueArrivalEventArgs heard = ears.Next();
        Assert.Equal((_queue.Name, 2), (heard.Name, heard.MessageCount));
        Assert.Null(heard.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_tells_of_each_arrival_also_while_others_are_unread(bool exclusive)
    {
        using Ears ears = new(_queue.Name, exclusive);
        for (int i = 1; i <= 10; i++)
        {
            _queue.Send(0, [(byte)i]);
            Assert.Equal(i, ears.Next().MessageCount);
        }
    }

    [Fact]
    public void It_tells_again_when_one_is_taken_and_others_remain()
    {
        using Ears ears = new(_queue.Name, exclusive: false);
        _queue.Send(0, [1]);
        Assert.Equal(1, ears.Next().MessageCount);
        _queue.Send(0, [2]);
        Assert.Equal(2, ears.Next().MessageCount);
        Assert.NotNull(_queue.Receive());
        Assert.Equal(1, ears.Next().MessageCount);
    }

    /// <summary>
    /// A message that is taken from a full queue makes room for that of a sender who waits; the kernel puts it in, and tells nobody.
    /// </summary>
    [Fact]
    public void It_tells_again_while_a_waiting_sender_keeps_the_queue_full()
    {
        const int messages = 20;
        using Ears ears = new(_queue.Name, exclusive: false);
        Thread sender = new(() =>
        {
            using Waiter waiter = new();
            for (int i = 0; i < messages; i++)
            {
                _queue.Queue.Send([(byte)i], 0, waiter, Deadline.Infinite);
            }
        });
        sender.Start();
        Kernel.WaitUntil(() => _queue.Status.MessageCount == 10, "the queue is full");
        for (int taken = 0; taken < messages; taken++)
        {
            _ = ears.Next();
            ears.Forget(); // one for each time it is told, and what was told meanwhile does not count
            Assert.NotNull(_queue.Receive());
        }

        sender.Join();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_thousand_messages_of_another_process_are_all_drained(bool exclusive)
    {
        const int messages = 10_000;
        int received = 0;
        using Waiter waiter = new();
        using PosixMessageQueue taker = PosixMessageQueue.Open(_queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: true);
        using PosixQueueListener listener = new(_queue.Name, exclusive);
        byte[] buffer = new byte[64];
        Exception? failure = null;
        listener.Arrived += (sender, arrival) =>
        {
            try
            {
                Assert.Null(arrival.Error);
                while (taker.Receive(buffer, waiter, Deadline.NoWait, out _, out _) == WaitStatus.Done)
                {
                    Interlocked.Increment(ref received);
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        };
        listener.Start();
        CPeer.Run("mqpeer.c", "send", PosixQueueTests.Hex(_queue.Name), messages.ToString(CultureInfo.InvariantCulture));
        Kernel.WaitUntil(() => failure is not null || Volatile.Read(ref received) >= messages, "all messages are received");
        Assert.Null(failure);
        Assert.Equal(messages, received);
        Assert.Equal(0, _queue.Status.MessageCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_survives_that_others_open_and_close_the_queue_in_the_process(bool exclusive)
    {
        using Ears ears = new(_queue.Name, exclusive);
        for (int i = 0; i < 20; i++)
        {
            using (PosixMessageQueue.Open(_queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: true))
            {
                // Closing it cancels every notification of the process.
            }

            _ = PosixQueueDirectory.TryGet(_queue.Name);
            _queue.Send(0, [1]);
            Assert.Equal(1, ears.Next().MessageCount);
            Assert.NotNull(_queue.Receive());
            ears.Forget(); // the wake-up of a receive can make the next arrival be told of twice
        }
    }

    [Fact]
    public void Exclusive_keeps_the_slot_and_takes_it_again_when_it_is_used_or_cancelled()
    {
        using PosixQueueListener listener = new(_queue.Name, exclusive: true);
        Exception? failure = null;
        listener.Arrived += (_, arrival) => failure = arrival.Error;
        listener.Start();
        Assert.Equal(Environment.ProcessId, _queue.Status.NotifyPid);
        for (int i = 0; i < 20; i++)
        {
            // Looking through _queue closes nothing; this does.
            PosixMessageQueue.Open(_queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: true).Dispose();
            Kernel.WaitUntil(() => failure is not null || _queue.Status.NotifyPid == Environment.ProcessId, "the slot is ours again after a close");
            _queue.Send(0, [1]);
            Kernel.WaitUntil(() => failure is not null || _queue.Status.NotifyPid == Environment.ProcessId, "the slot is ours again after a message");
            Assert.Null(failure);
            Assert.NotNull(_queue.Receive());
        }

        using Peer other = CPeer.Start("mqpeer.c", "notify", PosixQueueTests.Hex(_queue.Name));
        Assert.Equal("busy", other.ReadLine());
        other.Finish();
        listener.Dispose();
        Assert.Null(_queue.Status.NotifyPid);
    }

    [Fact]
    public void Exclusive_is_refused_while_another_process_has_the_slot()
    {
        using Peer other = CPeer.Start("mqpeer.c", "notify", PosixQueueTests.Hex(_queue.Name));
        Assert.Equal("ready", other.ReadLine());
        string[] before = Kernel.Descriptors();
        IpcException failure = Assert.Throws<IpcException>(() => new PosixQueueListener(_queue.Name, exclusive: true));
        Assert.Equal(("mq_notify", Errno.EBUSY), (failure.Call, failure.Errno));
        Assert.Equal(before, Kernel.Descriptors());

        using (Ears ears = new(_queue.Name, exclusive: false))
        {
            _queue.Send(0, [1]); // listening alone needs no slot
            Assert.Equal(1, ears.Next().MessageCount);
        }

        other.Finish();
        using PosixQueueListener now = new(_queue.Name, exclusive: true);
        Assert.Equal(Environment.ProcessId, _queue.Status.NotifyPid);
    }

    [Fact]
    public void Exclusive_that_lost_the_slot_says_so_once_and_takes_it_with_the_next_message()
    {
        BlockingCollection<PosixQueueArrivalEventArgs> heard = [];
        bool mayGoOn = false;
        using PosixQueueListener listener = new(_queue.Name, exclusive: true, failure => new InvalidOperationException(failure.Call));
        listener.Arrived += (_, arrival) =>
        {
            heard.Add(arrival);
            Kernel.WaitUntil(() => Volatile.Read(ref mayGoOn), "the other process has the slot");
        };
        listener.Start();
        _queue.Send(0, [1]);
        Assert.Null(Next().Error);

        // The listener's thread is in its handler: it takes back neither what the message used up, nor what this close cancels.
        PosixMessageQueue.Open(_queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: true).Dispose();
        using Peer other = CPeer.Start("mqpeer.c", "notify", PosixQueueTests.Hex(_queue.Name));
        Assert.Equal("ready", other.ReadLine());
        Volatile.Write(ref mayGoOn, true);
        PosixQueueArrivalEventArgs lost = Next();
        Assert.Equal("mq_notify(lost)", Assert.IsType<InvalidOperationException>(lost.Error).Message);
        Assert.Equal(0, lost.MessageCount);

        Assert.NotNull(_queue.Receive());
        _queue.Send(0, [2]); // which ends the other's registration
        PosixQueueArrivalEventArgs told = Next();
        Assert.Equal(1, told.MessageCount);
        Assert.Null(told.Error);
        Kernel.WaitUntil(() => _queue.Status.NotifyPid == Environment.ProcessId, "the slot is ours again");
        Assert.Empty(heard);
        other.Finish();

        PosixQueueArrivalEventArgs Next() =>
            heard.TryTake(out PosixQueueArrivalEventArgs? arrival, Peer.Patience) ? arrival : throw new IOException("Nothing was told.");
    }

    [Fact]
    public void A_queue_that_is_not_there_is_an_error_and_leaves_nothing_open()
    {
        string[] before = Kernel.Descriptors();
        IpcException failure = Assert.Throws<IpcException>(() => new PosixQueueListener(Scratch.PosixName(), exclusive: true));
        Assert.Equal(("mq_open", Errno.ENOENT), (failure.Call, failure.Errno));
        Assert.Equal(before, Kernel.Descriptors());
    }

    [Fact]
    public void It_may_be_disposed_by_its_own_handler()
    {
        PosixQueueListener listener = new(_queue.Name, exclusive: true);
        int calls = 0;
        listener.Arrived += (sender, _) =>
        {
            Interlocked.Increment(ref calls);
            ((PosixQueueListener)sender!).Dispose();
        };
        listener.Start();
        _queue.Send(0, [1]);
        Kernel.WaitUntil(() => Kernel.CountThreads(ThreadName) == 0, "the thread has ended");
        Assert.Null(_queue.Status.NotifyPid);
        _queue.Send(0, [2]);
        Assert.Equal(1, calls);
        listener.Dispose();
    }

    [Fact]
    public void It_may_be_disposed_before_it_starts_and_twice_and_not_start_then()
    {
        PosixQueueListener listener = new(_queue.Name, exclusive: true);
        Assert.Equal(_queue.Queue.Identity, listener.Identity);
        listener.Dispose();
        listener.Dispose();
        Assert.Null(_queue.Status.NotifyPid);
        Assert.Throws<ObjectDisposedException>(listener.Start);
    }

    /// <summary>Nothing of the test runner's comes between the counts in a process of its own.</summary>
    [Fact]
    public void A_thousand_listeners_leave_no_thread_and_no_descriptor() => Child.Run(ThousandListeners);

    private static void ThousandListeners()
    {
        using TemporaryPosixQueue queue = new(10, 64);
        string[] before = Kernel.Descriptors();
        for (int i = 0; i < 1000; i++)
        {
            using Ears ears = new(queue.Name, exclusive: i % 2 == 0);
            if (i % 3 == 0)
            {
                queue.Send(0, [1]);
                Assert.Equal(1, ears.Next().MessageCount);
                Assert.NotNull(queue.Receive());
            }
        }

        Kernel.WaitUntil(() => Kernel.CountThreads(ThreadName) == 0, "the threads have ended");
        Assert.Equal(before, Kernel.Descriptors());
        Assert.Null(queue.Status.NotifyPid);
    }

    /// <summary>A listener, and what it tells.</summary>
    private sealed class Ears : IDisposable
    {
        private readonly PosixQueueListener _listener;
        private readonly BlockingCollection<PosixQueueArrivalEventArgs> _heard = [];

        internal Ears(string name, bool exclusive)
        {
            _listener = new PosixQueueListener(name, exclusive);
            _listener.Arrived += (_, arrival) => _heard.Add(arrival);
            _listener.Start();
        }

        internal void Forget()
        {
            while (_heard.TryTake(out _))
            {
                // Nobody needs it.
            }
        }

        internal PosixQueueArrivalEventArgs Next() =>
            _heard.TryTake(out PosixQueueArrivalEventArgs? arrival, Peer.Patience) ? arrival : throw new IOException("Nothing was told.");

        public void Dispose() => _listener.Dispose();
    }
}
