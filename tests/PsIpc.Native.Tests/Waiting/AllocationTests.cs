using System;
using PsIpc.Native.SysV;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

/// <summary>The core makes no garbage: 10,000 messages sent and received allocate nothing.</summary>
public sealed class AllocationTests
{
    private const int Messages = 10_000;

    [Theory]
    [InlineData("infinite")]
    [InlineData("no wait")]
    [InlineData("timed")]
    public void A_System_V_message_allocates_nothing(string wait)
    {
        using TemporarySysVQueue queue = new();
        using Waiter waiter = new();
        MessageBuffer buffer = new(64) { Type = 1 };
        Deadline deadline = DeadlineOf(wait);
        Assert.Equal(0, Allocated(() =>
        {
            bool sent = queue.Queue.Send(buffer, 64, waiter, deadline) == WaitStatus.Done;
            return queue.Queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, deadline, out int length) == WaitStatus.Done
                && sent && length == 64;
        }));
    }

    [Theory]
    [InlineData("infinite")]
    [InlineData("no wait")]
    [InlineData("timed")]
    public void A_POSIX_message_allocates_nothing(string wait)
    {
        using TemporaryPosixQueue queue = new(10, 64);
        using Waiter waiter = new();
        byte[] data = new byte[64];
        Deadline deadline = DeadlineOf(wait);
        Assert.Equal(0, Allocated(() =>
        {
            bool sent = queue.Queue.Send(data, 3, waiter, deadline) == WaitStatus.Done;
            return queue.Queue.Receive(data, waiter, deadline, out int length, out int priority) == WaitStatus.Done
                && sent && length == 64 && priority == 3;
        }));
    }

    [Fact]
    public void A_receiver_that_finds_nothing_allocates_nothing()
    {
        using TemporarySysVQueue sysV = new();
        using TemporaryPosixQueue posix = new(10, 64);
        using Waiter waiter = new();
        MessageBuffer buffer = new(64);
        byte[] data = new byte[64];
        Assert.Equal(0, Allocated(() =>
            sysV.Queue.Receive(buffer, int.MaxValue, 0, SysVReceiveOptions.None, waiter, Deadline.NoWait, out _) == WaitStatus.WouldBlock
            && posix.Queue.Receive(data, waiter, Deadline.NoWait, out _, out _) == WaitStatus.WouldBlock));
    }

    private static Deadline DeadlineOf(string wait) => wait switch
    {
        "infinite" => Deadline.Infinite,
        "no wait" => Deadline.NoWait,
        _ => Deadline.After(TimeSpan.FromHours(1)),
    };

    private static long Allocated(Func<bool> once)
    {
        bool good = true;
        for (int i = 0; i < 100; i++)
        {
            good &= once();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Messages; i++)
        {
            good &= once();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(good, "Every message was sent and received.");
        return allocated;
    }
}
