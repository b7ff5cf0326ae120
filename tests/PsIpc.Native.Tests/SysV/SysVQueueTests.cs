using System;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.SysV;

public sealed class SysVQueueTests : IDisposable
{
    private readonly TemporarySysVQueue _queue = new();

    public void Dispose() => _queue.Dispose();

    [Theory]
    [InlineData(0, new long[] { 5, 3, 9, 3, 7 })]
    [InlineData(3, new long[] { 3, 3 })]
    [InlineData(-7, new long[] { 3, 3, 5, 7 })]
    [InlineData(4, new long[] { })]
    [InlineData(-2, new long[] { })]
    [InlineData(long.MinValue, new long[] { 3, 3, 5, 7, 9 })]
    public void The_type_selects(long type, long[] expected)
    {
        foreach (long sent in (long[])[5, 3, 9, 3, 7])
        {
            _queue.Send(sent, [(byte)sent]);
        }

        foreach (long next in expected)
        {
            Assert.Equal((next, (byte)next), _queue.Receive(type) is { } got ? (got.Type, got.Data[0]) : default);
        }

        Assert.Null(_queue.Receive(type));
        Assert.Equal(5 - expected.Length, _queue.Status.MessageCount);
    }

    [Fact]
    public void Except_takes_the_first_of_another_type()
    {
        _queue.Send(2, []);
        _queue.Send(8, []);
        _queue.Send(2, []);
        Assert.Equal(8, _queue.Receive(2, SysVReceiveOptions.Except)?.Type);
        Assert.Null(_queue.Receive(2, SysVReceiveOptions.Except));
        Assert.Equal(2, _queue.Receive(7, SysVReceiveOptions.Except)?.Type);
    }

    [Fact]
    public void A_copy_leaves_the_message_where_it_was()
    {
        _queue.Send(4, "first"u8);
        _queue.Send(2, "second"u8);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(4, _queue.Receive(0, SysVReceiveOptions.Copy)?.Type);
            Assert.Equal("second"u8, _queue.Receive(1, SysVReceiveOptions.Copy)!.Value.Data);
        }

        Assert.Null(_queue.Receive(2, SysVReceiveOptions.Copy));
        Assert.Equal(2, _queue.Status.MessageCount);
    }

    [Fact]
    public void A_copy_longer_than_the_buffer_is_whole_and_one_that_may_be_cut_is_cut()
    {
        byte[] message = [.. Enumerable.Range(0, 8000).Select(i => (byte)i)];
        _queue.Send(4, message);
        Assert.Equal(message, _queue.Receive(0, SysVReceiveOptions.Copy, capacity: 8)?.Data);
        Assert.Equal(message[..10], _queue.Receive(0, SysVReceiveOptions.Copy | SysVReceiveOptions.Truncate, maxLength: 10, capacity: 8)?.Data);
        Assert.Equal(4, _queue.Receive(0, SysVReceiveOptions.Copy | SysVReceiveOptions.Truncate, maxLength: 10)?.Type);
        Assert.Equal(message[..10], _queue.Receive(0, SysVReceiveOptions.Copy | SysVReceiveOptions.Truncate, maxLength: 10, capacity: 9000)?.Data);
        Assert.Equal(message, _queue.Receive(0, SysVReceiveOptions.Copy | SysVReceiveOptions.Truncate, maxLength: 8000)?.Data);
        Assert.Equal(Errno.E2BIG, Assert.Throws<IpcException>(() => _queue.Receive(0, SysVReceiveOptions.Copy, maxLength: 10)).Errno);
        Assert.Equal(1, _queue.Status.MessageCount);
    }

    [Fact]
    public void A_copy_never_waits_whatever_the_deadline()
    {
        using Waiter waiter = new();
        foreach (Deadline deadline in (Deadline[])[Deadline.Infinite, Deadline.NoWait, Deadline.After(TimeSpan.FromHours(1))])
        {
            Assert.Equal(WaitStatus.WouldBlock,
                _queue.Queue.Receive(new MessageBuffer(8), int.MaxValue, 0, SysVReceiveOptions.Copy, waiter, deadline, out _));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_message_of_no_bytes_carries_its_type(long type)
    {
        Assert.Equal(WaitStatus.Done, _queue.Send(type, []));
        Assert.Equal((type, 0), _queue.Receive() is { } got ? (got.Type, got.Data.Length) : default);
        Assert.Null(_queue.Receive());
    }

    [Fact]
    public void A_message_of_msgmax_bytes_travels_and_one_more_byte_is_refused()
    {
        int limit = (int)IpcLimit.MsgMax.Read()!.Value;
        byte[] message = [.. Enumerable.Range(0, limit + 1).Select(i => (byte)(i * 7))];
        IpcException failure = Assert.Throws<IpcException>(() => _queue.Send(1, message));
        Assert.Equal(("msgsnd(msgmax)", Errno.EINVAL), (failure.Call, failure.Errno));
        Assert.Equal(WaitStatus.Done, _queue.Send(1, message.AsSpan(0, limit)));
        Assert.Equal(message[..limit], _queue.Receive()?.Data);
    }

    [Fact]
    public void Every_byte_value_travels()
    {
        byte[] message = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        _queue.Send(1, message);
        Assert.Equal(message, _queue.Receive()?.Data);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(long.MinValue)]
    public void A_type_below_one_cannot_be_sent(long type)
    {
        IpcException failure = Assert.Throws<IpcException>(() => _queue.Send(type, []));
        Assert.Equal(("msgsnd", Errno.EINVAL), (failure.Call, failure.Errno));
    }

    [Fact]
    public void A_long_message_stays_unless_it_may_be_cut()
    {
        _queue.Send(1, "0123456789"u8);
        IpcException failure = Assert.Throws<IpcException>(() => _queue.Receive(maxLength: 9));
        Assert.Equal(("msgrcv", Errno.E2BIG), (failure.Call, failure.Errno));
        Assert.Equal(1, _queue.Status.MessageCount);
        Assert.Equal("012"u8, _queue.Receive(options: SysVReceiveOptions.Truncate, maxLength: 3)!.Value.Data);
        Assert.Equal(0, _queue.Status.MessageCount);
    }

    [Fact]
    public void To_cut_at_no_length_cuts_nothing()
    {
        byte[] message = new byte[5000];
        _queue.Send(1, message);
        Assert.Equal(message, _queue.Receive(options: SysVReceiveOptions.Truncate, capacity: 4)?.Data);
    }

    [Fact]
    public void The_buffer_grows_with_the_message()
    {
        MessageBuffer buffer = new(0);
        using Waiter waiter = new();
        int limit = (int)IpcLimit.MsgMax.Read()!.Value;
        foreach (int size in (int[])[0, 1, 100, limit])
        {
            byte[] message = [.. Enumerable.Range(0, size).Select(i => (byte)(i + size))];
            _queue.Send(3, message);
            Assert.Equal(WaitStatus.Done, _queue.Queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.Infinite, out int length));
            Assert.Equal(message, buffer.Data[..length]);
            Assert.Equal(3, buffer.Type);
        }

        Assert.True(buffer.Capacity >= limit);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageBuffer(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.Queue.Send(new MessageBuffer(4) { Type = 1 }, 5, waiter, Deadline.NoWait));
        Assert.Throws<ArgumentOutOfRangeException>(() => _queue.Queue.Send(new MessageBuffer(4) { Type = 1 }, -1, waiter, Deadline.NoWait));
    }

    [Fact]
    public void A_key_names_one_queue()
    {
        int key = Scratch.Key();
        IpcException failure = Assert.Throws<IpcException>(() => SysVMessageQueue.Open(key));
        Assert.Equal(("msgget", Errno.ENOENT, "ENOENT"), (failure.Call, failure.Errno, failure.Symbol));
        using TemporarySysVQueue queue = new(key, Octal.Mode("640"));
        Assert.Equal(queue.Queue, SysVMessageQueue.Open(key));
        Assert.Equal((key, Octal.Mode("640")), (queue.Status.Key, queue.Status.Mode));
        Assert.Equal(Errno.EEXIST, Assert.Throws<IpcException>(() => SysVMessageQueue.Create(key, Octal.Mode("600"))).Errno);
    }

    [Fact]
    public void A_stale_id_is_EINVAL_everywhere()
    {
        _queue.Queue.Remove();
        Assert.Null(_queue.Queue.TryGetStatus());
        Assert.Null(_queue.Queue.MaxBytes);
        Assert.Equal(("msgsnd", Errno.EINVAL), Failure(() => _queue.Send(1, [])));
        Assert.Equal(("msgrcv", Errno.EINVAL), Failure(() => _queue.Receive()));
        Assert.Equal(("msgctl(IPC_RMID)", Errno.EINVAL), Failure(_queue.Queue.Remove));
        Assert.Equal(("msgctl(IPC_STAT)", Errno.EINVAL), Failure(() => _queue.Queue.Set(null, null, null, 1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_waits_in_a_queue_that_is_removed_gets_EIDRM(bool receiver)
    {
        using Waiter waiter = new();
        _queue.Queue.Set(null, null, null, 1);
        _queue.Send(1, [1]);
        Worker<WaitStatus> worker = Worker<WaitStatus>.Start(() => receiver
            ? _queue.Queue.Receive(new MessageBuffer(8), int.MaxValue, 99, SysVReceiveOptions.None, waiter, Deadline.Infinite, out _)
            : _queue.Queue.Send(new MessageBuffer(8) { Type = 1 }, 8, waiter, Deadline.After(TimeSpan.FromHours(1)))).WaitUntilBlocked();
        _queue.Queue.Remove();
        Assert.Equal((receiver ? "msgrcv" : "msgsnd", Errno.EIDRM), Failure(() => worker.Result()));
    }

    [Fact]
    public void Who_waits_gets_the_message_that_comes()
    {
        using Waiter waiter = new();
        Worker<(WaitStatus, int)> worker = Worker<(WaitStatus, int)>.Start(() =>
            (_queue.Queue.Receive(new MessageBuffer(8), int.MaxValue, 2, SysVReceiveOptions.None, waiter, Deadline.Infinite, out int length), length)).WaitUntilBlocked();
        _queue.Send(1, "not his"u8);
        _queue.Send(2, "his"u8);
        Assert.Equal((WaitStatus.Done, 3), worker.Result());
        Assert.Equal(1, _queue.Status.MessageCount);
    }

    [Fact]
    public void Only_the_owner_and_root_may_do_what_the_mode_forbids() => Child.Run(OtherUser, _queue.Queue.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), Child.Nobody);

    private static void OtherUser()
    {
        SysVMessageQueue queue = new(int.Parse(Child.Argument, System.Globalization.CultureInfo.InvariantCulture));
        using Waiter waiter = new();
        Assert.Equal(("msgsnd", Errno.EACCES), Failure(() => queue.Send(new MessageBuffer(1) { Type = 1 }, 1, waiter, Deadline.NoWait)));
        Assert.Equal(("msgrcv", Errno.EACCES),
            Failure(() => queue.Receive(new MessageBuffer(1), 1, 0, SysVReceiveOptions.None, waiter, Deadline.NoWait, out _)));
        Assert.Equal(("msgctl(IPC_RMID)", Errno.EPERM), Failure(queue.Remove));
        Assert.Equal(("msgctl(IPC_SET)", Errno.EPERM), Failure(() => queue.Set(null, null, Octal.Mode("666"), null)));

        // What it is like is open to everybody.
        SysVMessageQueueStatus status = queue.TryGetStatus()!;
        Assert.Equal((queue.Id, 0u, Octal.Mode("600")), (status.Id, status.OwnerUid, status.Mode));
        Assert.Equal(status.MaxBytes, queue.MaxBytes);
    }

    private static (string, Errno) Failure(Action action)
    {
        IpcException failure = Assert.Throws<IpcException>(action);
        return (failure.Call, failure.Errno);
    }
}
