using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Posix;

public sealed class PosixQueueTests
{
    [Fact]
    public void Messages_come_by_priority_and_then_by_age()
    {
        using TemporaryPosixQueue queue = new(8, 16);
        (int Priority, string Text)[] sent = [(0, "a"), (5, "b"), (0, "c"), (32767, "d"), (5, "e"), (1, "f")];
        foreach ((int priority, string text) in sent)
        {
            Assert.Equal(WaitStatus.Done, queue.Send(priority, Encoding.ASCII.GetBytes(text)));
        }

        List<(int, string)> got = [];
        while (queue.Receive() is { } message)
        {
            got.Add((message.Priority, Encoding.ASCII.GetString(message.Data)));
        }

        Assert.Equal([(32767, "d"), (5, "b"), (5, "e"), (1, "f"), (0, "a"), (0, "c")], got);
        Assert.Equal(("mq_send", Errno.EINVAL), Failure(() => queue.Send(PosixMessageQueue.MaxPriority + 1, [])));
    }

    [Fact]
    public void A_message_of_any_bytes_travels_up_to_the_size_and_no_further()
    {
        using TemporaryPosixQueue queue = new(2, 256);
        byte[] message = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        queue.Send(1, message);
        queue.Send(0, []);
        Assert.Equal(message, queue.Receive()!.Value.Data);
        Assert.Empty(queue.Receive()!.Value.Data);
        Assert.Equal(("mq_send", Errno.EMSGSIZE), Failure(() => queue.Send(0, new byte[257])));
        using Waiter waiter = new();
        Assert.Equal(("mq_receive", Errno.EMSGSIZE), Failure(() => queue.Queue.Receive(new byte[255], waiter, Deadline.NoWait, out _, out _)));
    }

    [Theory]
    [InlineData(3L, 100L, 3L, 100L)]
    [InlineData(null, 100L, null, 100L)]
    [InlineData(3L, null, 3L, null)]
    [InlineData(null, null, null, null)]
    public void A_queue_has_the_attributes_it_was_given_and_the_systems_for_the_rest(long? messages, long? size, long? expectedMessages, long? expectedSize)
    {
        using TemporaryPosixQueue queue = new(messages, size);
        PosixMessageQueueStatus status = queue.Status;
        Assert.Equal(expectedMessages ?? IpcLimit.MqueueMsgDefault.Read(), status.MaxMessages);
        Assert.Equal(expectedSize ?? IpcLimit.MqueueMsgsizeDefault.Read(), status.MaxMessageSize);
        Assert.Equal(status.MaxMessageSize, queue.Queue.MaxMessageSize);
        Assert.Equal((0, 0), (status.MessageCount, status.UsedBytes));
        Assert.Equal((Libc.geteuid(), Libc.getegid(), Octal.Mode("600")), (status.Uid, status.Gid, status.Mode));
    }

    [Fact]
    public void A_default_above_its_maximum_counts_as_the_maximum() => Child.Run(DefaultsAboveMaxima, Child.NewNamespace);

    [Fact]
    public void The_status_counts_messages_and_bytes()
    {
        using TemporaryPosixQueue queue = new(4, 100);
        queue.Send(1, new byte[30]);
        queue.Send(1, new byte[12]);
        PosixMessageQueueStatus status = queue.Status;
        Assert.Equal((2, 42), (status.MessageCount, status.UsedBytes));
        Assert.Equal(status, queue.Status); // as often as one asks
        Assert.Equal(2, queue.Queue.MessageCount);
        Assert.Null(status.NotifyPid);
        Assert.Null(status.NotifySignal);
        Assert.Equal(queue.Queue.Identity, (status.Device, status.Inode));
        Assert.InRange(status.ChangeTime, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public void Another_queue_of_the_same_name_is_told_from_the_first()
    {
        using TemporaryPosixQueue first = new(1, 1);
        PosixMessageQueue.Unlink(first.Name);
        using TemporaryPosixQueue second = new(1, 1, name: first.Name);
        Assert.NotEqual(first.Queue.Identity, second.Queue.Identity);
    }

    [Theory]
    [InlineData("0777")]
    [InlineData("0000")]
    [InlineData("0022")]
    public void A_mode_is_exact_under_every_umask(string umask) => Child.Run(ModesAreExact, Child.Umask(umask));

    [Fact]
    public void A_name_that_is_taken_or_missing_or_forbidden_says_so()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        Assert.Equal(("mq_open", Errno.EEXIST), Failure(() => PosixMessageQueue.Create(queue.Name, 1, 1, 0)));
        string none = Scratch.PosixName();
        Assert.Equal(("mq_open", Errno.ENOENT), Failure(() => PosixMessageQueue.Open(none, PosixMessageQueue.Access.Receive, nonBlocking: true)));
        Assert.Equal(("mq_unlink", Errno.ENOENT), Failure(() => PosixMessageQueue.Unlink(none)));
        Assert.Null(PosixQueueDirectory.TryGet(none));
    }

    [Fact]
    public void Attributes_above_the_maxima_are_EINVAL() => Child.Run(AttributesAboveMaxima, UnprivilegedOr());

    [Fact]
    public void Memory_for_queues_and_descriptors_run_out_under_different_names()
    {
        Child.Run(QueueMemoryRunsOut, UnprivilegedOr(Child.Limit("--msgqueue=40000")));
        Child.Run(DescriptorsRunOut, Child.Limit("--nofile=120"));
    }

    [Fact]
    public void Too_many_queues_are_ENOSPC() => Child.Run(TooManyQueues, Child.NewNamespace);

    [Fact]
    public void A_queue_unlinked_while_somebody_waits_serves_on()
    {
        using TemporaryPosixQueue queue = new(1, 8);
        using PosixMessageQueue receiver = PosixMessageQueue.Open(queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: false);
        using Waiter waiter = new();
        Worker<(WaitStatus, int, int)> worker = Worker<(WaitStatus, int, int)>.Start(() =>
            (receiver.Receive(new byte[8], waiter, Deadline.Infinite, out int length, out int priority), length, priority)).WaitUntilBlocked();
        PosixMessageQueue.Unlink(queue.Name);
        Assert.Null(PosixQueueDirectory.TryGet(queue.Name));
        queue.Send(9, [1, 2, 3]);
        Assert.Equal((WaitStatus.Done, 3, 9), worker.Result());
    }

    [Fact]
    public void A_closed_queue_refuses_calls()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        queue.Queue.Dispose();
        queue.Queue.Dispose();
        Assert.Throws<ObjectDisposedException>(() => queue.Send(0, []));
        Assert.Throws<ObjectDisposedException>(() => queue.Status);
    }

    [Fact]
    public void A_queue_opened_for_one_direction_refuses_the_other()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        using Waiter waiter = new();
        using PosixMessageQueue receiver = PosixMessageQueue.Open(queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: false);
        using PosixMessageQueue sender = PosixMessageQueue.Open(queue.Name, PosixMessageQueue.Access.Send, nonBlocking: false);
        Assert.Equal(Errno.EBADF, Failure(() => receiver.Send([], 0, waiter, Deadline.NoWait)).Item2);
        Assert.Equal(Errno.EBADF, Failure(() => sender.Receive(new byte[1], waiter, Deadline.NoWait, out _, out _)).Item2);
        Assert.Equal(1, sender.GetStatus(queue.Name).MaxMessages);
        Assert.Null(sender.GetStatus(queue.Name).UsedBytes);
    }

    [Fact]
    public void Root_gives_a_queue_away()
    {
        Require.Root("fchown");
        using TemporaryPosixQueue queue = new(1, 1);
        queue.Queue.SetOwner(65534, null);
        Assert.Equal((65534u, Libc.getegid()), (queue.Status.Uid, queue.Status.Gid));
        queue.Queue.SetOwner(null, 7);
        Assert.Equal((65534u, 7u), (queue.Status.Uid, queue.Status.Gid));
        queue.Queue.SetMode(Octal.Mode("624"));
        Assert.Equal(Octal.Mode("624"), queue.Status.Mode);
    }

    [Fact]
    public void Messages_travel_to_and_from_C()
    {
        using TemporaryPosixQueue queue = new(10, 64);
        CPeer.Run("mqpeer.c", "send", Hex(queue.Name), "10");
        string[] got = [.. Enumerable.Range(0, 10).Select(_ => queue.Receive()!.Value)
            .Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Priority} {Encoding.ASCII.GetString(message.Data)}"))];
        Assert.Equal(Enumerable.Range(0, 10).OrderByDescending(i => i % 5).ThenBy(i => i).Select(i => $"{i % 5} message {i}"), got);

        using Peer peer = CPeer.Start("mqpeer.c", "receive", Hex(queue.Name), "3");
        Kernel.WaitUntil(() => Kernel.IsBlockedIn(peer.Id, peer.Id, Libc.SYS_mq_timedreceive), "the C program waits in mq_receive");
        foreach (int priority in (int[])[0, 7, 32767])
        {
            queue.Send(priority, Encoding.UTF8.GetBytes("grüße"));
            Assert.Equal($"{priority} grüße", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(peer.ReadLine())));
        }

        peer.Finish();
    }

    internal static string Hex(string name) => Convert.ToHexString(NativeString.Encode(name)[..^1]);

    /// <summary>Wrappers for what privileges (CAP_SYS_RESOURCE) would exceed.</summary>
    private static string[][] UnprivilegedOr(params string[][] more) => Require.IsRoot ? [.. more, Child.Nobody] : more;

    private static void DefaultsAboveMaxima()
    {
        File.WriteAllText("/proc/sys/fs/mqueue/msg_max", "10");
        File.WriteAllText("/proc/sys/fs/mqueue/msg_default", "20");
        using TemporaryPosixQueue both = new();
        Assert.Equal(10, both.Status.MaxMessages);
        Child.Run(DefaultAboveMaximum, Child.Nobody);
    }

    private static void DefaultAboveMaximum()
    {
        using TemporaryPosixQueue queue = new(null, 64);
        Assert.Equal((10, 64), (queue.Status.MaxMessages, queue.Status.MaxMessageSize));
    }

    private static void ModesAreExact()
    {
        foreach (string mode in (string[])["0", "600", "666", "777", "111", "246", "020"])
        {
            using TemporaryPosixQueue queue = new(1, 1, Octal.Mode(mode));
            Assert.Equal(Octal.Mode(mode), queue.Status.Mode);
        }
    }

    private static void AttributesAboveMaxima()
    {
        long messages = IpcLimit.MqueueMsgMax.Read()!.Value;
        long size = IpcLimit.MqueueMsgsizeMax.Read()!.Value;
        string name = Scratch.PosixName();
        Assert.Equal(("mq_open", Errno.EINVAL), Failure(() => PosixMessageQueue.Create(name, messages + 1, 1, 0)));
        Assert.Equal(("mq_open", Errno.EINVAL), Failure(() => PosixMessageQueue.Create(name, 1, size + 1, 0)));
        Assert.Equal(("mq_open", Errno.EINVAL), Failure(() => PosixMessageQueue.Create(name, 0, 1, 0)));
        Assert.Equal(("mq_open", Errno.EINVAL), Failure(() => PosixMessageQueue.Create(name, -1, 1, 0)));
        using TemporaryPosixQueue largest = new(messages, 1);
        Assert.Equal(messages, largest.Status.MaxMessages);
    }

    private static void QueueMemoryRunsOut()
    {
        List<TemporaryPosixQueue> queues = [];
        (string, Errno) failure = Failure(() =>
        {
            while (true)
            {
                queues.Add(new TemporaryPosixQueue(1, 8192));
            }
        });
        queues.ForEach(queue => queue.Dispose());
        Assert.Equal(("mq_open(RLIMIT_MSGQUEUE)", Errno.EMFILE), failure);
        Assert.Equal(40000, IpcLimit.RlimitMsgqueue.Read());
    }

    private static void DescriptorsRunOut()
    {
        using TemporaryPosixQueue queue = new(1, 1);
        List<PosixMessageQueue> opened = [];
        (string, Errno) open = Failure(() =>
        {
            while (true)
            {
                opened.Add(PosixMessageQueue.Open(queue.Name, PosixMessageQueue.Access.Receive, nonBlocking: true));
            }
        });
        (string, Errno) create = Failure(() => PosixMessageQueue.Create(Scratch.PosixName(), 1, 1, 0));
        opened.ForEach(one => one.Dispose());
        Assert.Equal(("mq_open", Errno.EMFILE), open);
        Assert.Equal(("mq_open", Errno.EMFILE), create);
    }

    private static void TooManyQueues()
    {
        File.WriteAllText("/proc/sys/fs/mqueue/queues_max", "3");
        Child.Run(FillQueues, Child.Nobody);
    }

    private static void FillQueues()
    {
        List<TemporaryPosixQueue> queues = [];
        (string, Errno) failure = Failure(() =>
        {
            while (true)
            {
                queues.Add(new TemporaryPosixQueue(1, 1));
            }
        });
        Assert.Equal(3, queues.Count);
        queues.ForEach(queue => queue.Dispose());
        Assert.Equal(("mq_open", Errno.ENOSPC), failure);
    }

    private static (string, Errno) Failure(Action action)
    {
        IpcException failure = Assert.Throws<IpcException>(action);
        return (failure.Call, failure.Errno);
    }
}
