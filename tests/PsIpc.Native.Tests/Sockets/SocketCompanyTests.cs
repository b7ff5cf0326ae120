using System;
using System.Linq;
using System.Threading;
using PsIpc.Native.Interop;
using PsIpc.Native.Sockets;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Sockets;

/// <summary>Sockets that several use at once.</summary>
public sealed class SocketCompanyTests : IDisposable
{
    private readonly Waiter _waiter = new();

    public void Dispose() => _waiter.Dispose();

    /// <summary>Who else receives is here a bare recv(2), as another process would make it; and another of our own.</summary>
    [Fact]
    public void Several_receivers_get_each_message_whole_and_once()
    {
        const int rounds = 500;
        foreach (bool isForeign in (bool[])[false, true])
        {
            (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Datagram);
            using (first)
            using (second)
            {
                Worker<int> own = Worker<int>.Start(() => ReceiveWhole(second));
                Worker<int> other = Worker<int>.Start(() => isForeign ? ReceiveBare(second) : ReceiveWhole(second));
                string large = new('x', 100_000);
                for (int i = 0; i < rounds; i++)
                {
                    SocketScratch.Send(first, "x", _waiter);
                    SocketScratch.Send(first, large, _waiter);
                }

                SocketScratch.Send(first, "end", _waiter);
                SocketScratch.Send(first, "end", _waiter);
                Assert.Equal(2 * rounds, own.Result() + other.Result());
            }
        }
    }

    private static int ReceiveWhole(LocalSocket socket)
    {
        using Waiter waiter = new();
        for (int count = 0; ; count++)
        {
            (string text, ReceivedMessage message) = SocketScratch.Receive(socket, waiter); // into a small buffer each time
            Assert.Equal(message.FullLength, message.Length);
            if (text == "end")
            {
                return count;
            }

            Assert.Equal(message.FullLength, text.Count(one => one == 'x'));
        }
    }

    private static unsafe int ReceiveBare(LocalSocket socket)
    {
        byte[] buffer = new byte[100_000];
        for (int count = 0; ; count++)
        {
            fixed (byte* bytes = buffer)
            {
                if (Libc.recv(socket.Descriptor, bytes, (nuint)buffer.Length, 0) == 3)
                {
                    return count;
                }
            }
        }
    }

    [Fact]
    public void Several_receivers_of_empty_messages_see_the_end_when_there_is_one()
    {
        const int rounds = 2000;
        int received = 0;
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.SeqPacket);
        using (second)
        {
            Func<int> receive = () =>
            {
                using Waiter own = new();
                for (int count = 0; ; count++)
                {
                    ReceivedMessage message = SocketScratch.Receive(second, own).Message;
                    if (message.IsEnd)
                    {
                        return count;
                    }

                    Assert.Null(message.Credentials);
                    Interlocked.Increment(ref received);
                }
            };
            Worker<int>[] receivers = [Worker<int>.Start(receive), Worker<int>.Start(receive)];
            for (int i = 0; i < rounds; i++)
            {
                SocketScratch.Send(first, "", _waiter);

                // Two at most, so that one often finds what another is about to take; the last ones wait together for the end.
                Kernel.WaitUntil(() => i > rounds - 100 || Volatile.Read(ref received) >= i - 1 || !receivers.All(one => one.IsAlive), "it is received");
            }

            bool[] isWaiting = [.. receivers.Select(one => one.IsAlive)];
            first.Dispose();
            Assert.Equal([true, true], isWaiting);
            Assert.Equal(rounds, receivers.Sum(one => one.Result()));
            Assert.False(second.PassesCredentials);
        }
    }

    /// <summary>poll knows the own buffer alone where a datagram goes to an address: to call again and again until there is room would keep a processor busy.</summary>
    [Fact]
    public void Who_does_not_block_by_itself_sleeps_until_the_addressee_has_room()
    {
        const int looks = 50;
        using SocketScratch service = SocketScratch.Listen(UnixSocketType.Datagram);
        using LocalSocket sender = LocalSocket.Create(UnixSocketType.Datagram);
        Assert.Equal(0, Libc.fcntl(sender.Descriptor, Libc.F_SETFL, Libc.O_NONBLOCK));
        while (sender.Send("x"u8, [], service.Address, _waiter, Deadline.NoWait, out _) == WaitStatus.Done)
        {
        }

        Worker<WaitStatus> worker = Worker<WaitStatus>.Start(() =>
        {
            using Waiter own = new();
            return sender.Send("late"u8, [], service.Address, own, Deadline.Infinite, out _);
        });
        int asleep = 0;
        Kernel.WaitUntil(
            () => (asleep = worker.IsBlocked ? asleep + 1 : 0) == looks, "the thread waits in the kernel, whenever it is looked at");
        Assert.Equal("x", SocketScratch.Receive(service.Socket, _waiter).Text);
        Assert.Equal(WaitStatus.Done, worker.Result());

        using Waiter cancelled = new();
        Worker<WaitStatus> stopped = Worker<WaitStatus>.Start(() => sender.Send("never"u8, [], service.Address, cancelled, Deadline.Infinite, out _));
        stopped.WaitUntilBlocked();
        cancelled.Cancel();
        Assert.Equal(WaitStatus.Cancelled, stopped.Result());
    }
}
