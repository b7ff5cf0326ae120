using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Sockets;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Sockets;

public sealed class LocalSocketTests : IDisposable
{
    private const string Source = "sockpeer.c";
    private readonly Waiter _waiter = new();

    public void Dispose() => _waiter.Dispose();

    [Theory]
    [InlineData(UnixSocketType.Stream)]
    [InlineData(UnixSocketType.Datagram)]
    [InlineData(UnixSocketType.SeqPacket)]
    public void C_receives_what_is_sent_and_the_other_way_round(UnixSocketType type)
    {
        foreach (bool isAbstract in (bool[])[false, true])
        {
            string name = isAbstract ? $"@psipc-test-{Guid.NewGuid():N}" : SocketScratch.NewPath();
            UnixAddress address = isAbstract ? UnixAddress.OfAbstractName(name[1..]) : UnixAddress.OfPath(name);
            using (Peer server = CPeer.Start(Source, "serve", type.ToString().ToLowerInvariant(), name, "1"))
            {
                Assert.Equal("ready", server.ReadLine());
                using LocalSocket client = LocalSocket.Create(type);
                Assert.Equal(WaitStatus.Done, client.Connect(address, _waiter, Deadline.Infinite));
                SocketScratch.Send(client, "to C", _waiter);
                Assert.Equal("4 to C", server.ReadLine());
                server.Finish();
            }

            if (!isAbstract)
            {
                SocketScratch.Remove(name);
            }

            using SocketScratch listener = SocketScratch.Listen(type, address);
            CPeer.Run(Source, "send", type.ToString().ToLowerInvariant(), name, "from C");
            using LocalSocket? connection = type == UnixSocketType.Datagram ? null : listener.Accept(_waiter);
            Assert.Equal("from C", SocketScratch.Receive(connection ?? listener.Socket, _waiter).Text);
        }
    }

    [Fact]
    public void Descriptors_go_to_C_and_come_from_it()
    {
        string file = Scratch.File($"handed-{Guid.NewGuid():N}");
        File.WriteAllText(file, "");
        string path = SocketScratch.NewPath();
        using Peer server = CPeer.Start(Source, "serve", "stream", path, "1");
        Assert.Equal("ready", server.ReadLine());
        using LocalSocket client = LocalSocket.Create(UnixSocketType.Stream);
        Assert.Equal(WaitStatus.Done, client.Connect(UnixAddress.OfPath(path), _waiter, Deadline.Infinite));
        using (FileStream handed = new(file, FileMode.Open, FileAccess.ReadWrite))
        using (SafeDescriptor copy = new(Libc.fcntl((int)handed.SafeFileHandle.DangerousGetHandle(), Libc.F_DUPFD_CLOEXEC, 0)))
        {
            Assert.Equal(WaitStatus.Done, client.Send("take"u8, [copy], null, _waiter, Deadline.Infinite, out _));
            Assert.Equal("4 take with 1", server.ReadLine());
        }

        server.Finish();
        SocketScratch.Remove(path);
        Assert.Equal("by C", File.ReadAllText(file));

        using SocketScratch listener = SocketScratch.Listen(UnixSocketType.SeqPacket);
        CPeer.Run(Source, "give", "seqpacket", listener.Address.Name, "here", file);
        using LocalSocket connection = listener.Accept(_waiter);
        (string text, ReceivedMessage message) = SocketScratch.Receive(connection, _waiter);
        Assert.Equal("here", text);
        using SafeDescriptor received = Assert.Single(message.Descriptors);
        Assert.Equal(file, new FileInfo($"/proc/self/fd/{received.DangerousGetHandle()}").LinkTarget);
        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(received, Libc.F_GETFD, 0));
        File.Delete(file);
    }

    [Fact]
    public void As_many_descriptors_go_as_the_kernel_takes_and_no_more()
    {
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Datagram);
        using (first)
        using (second)
        {
            SafeDescriptor[] most = [.. Enumerable.Repeat(first.Descriptor, LocalSocket.MaxDescriptors)];
            Assert.Equal(WaitStatus.Done, first.Send("all"u8, most, null, _waiter, Deadline.Infinite, out _));
            ReceivedMessage message = SocketScratch.Receive(second, _waiter).Message;
            Assert.Equal(LocalSocket.MaxDescriptors, message.Descriptors.Length);
            Assert.False(message.LostDescriptors);
            Array.ForEach(message.Descriptors, one => one.Dispose());
            IpcException refused = Assert.Throws<IpcException>(() => first.Send("more"u8, [.. most, first.Descriptor], null, _waiter, Deadline.Infinite, out _));
            Assert.Equal("sendmsg(SCM_MAX_FD)", refused.Call);
            Assert.Equal(WaitStatus.WouldBlock, second.Receive(new MessageBuffer(8), 8, false, _waiter, Deadline.NoWait, out _));
        }
    }

    [Fact]
    public void Boundaries_are_kept_and_nothing_is_cut_unasked()
    {
        foreach (UnixSocketType type in (UnixSocketType[])[UnixSocketType.Datagram, UnixSocketType.SeqPacket])
        {
            (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(type);
            using (first)
            using (second)
            {
                string large = new('x', 100_000); // more than the buffer that it is received into
                foreach (string text in (string[])["one", "", large, "four"])
                {
                    SocketScratch.Send(first, text, _waiter);
                }

                Assert.Equal("one", SocketScratch.Receive(second, _waiter).Text);
                (string empty, ReceivedMessage message) = SocketScratch.Receive(second, _waiter);
                Assert.Equal("", empty);
                Assert.False(message.IsEnd); // a message of no bytes is one
                MessageBuffer small = new(4);
                IpcException tooLong = Assert.Throws<IpcException>(() => second.Receive(small, 10, false, _waiter, Deadline.Infinite, out _));
                Assert.Equal(("recvmsg(length)", Errno.EMSGSIZE), (tooLong.Call, tooLong.Errno));
                Assert.Equal(WaitStatus.Done, second.Receive(small, 10, true, _waiter, Deadline.Infinite, out message));
                Assert.Equal((10, large.Length), (message.Length, message.FullLength));
                Assert.Equal("four", SocketScratch.Receive(second, _waiter).Text);
                Assert.False(second.PassesCredentials);
            }
        }
    }

    [Fact]
    public void The_end_is_told_from_an_empty_message()
    {
        foreach (UnixSocketType type in (UnixSocketType[])[UnixSocketType.Stream, UnixSocketType.SeqPacket])
        {
            (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(type);
            using (second)
            {
                if (type == UnixSocketType.SeqPacket)
                {
                    SocketScratch.Send(first, "", _waiter);
                }

                first.Dispose();
                if (type == UnixSocketType.SeqPacket)
                {
                    Assert.False(SocketScratch.Receive(second, _waiter).Message.IsEnd);
                }

                Assert.True(SocketScratch.Receive(second, _waiter).Message.IsEnd);
                Assert.True(SocketScratch.Receive(second, _waiter).Message.IsEnd);
                IpcException gone = Assert.Throws<IpcException>(() => second.Send("x"u8, _waiter, Deadline.Infinite, out _));
                Assert.Equal(Errno.EPIPE, gone.Errno);
            }
        }
    }

    [Fact]
    public void A_stream_takes_more_than_there_is_room_for_as_it_is_read()
    {
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Stream);
        using (first)
        using (second)
        {
            byte[] data = new byte[5_000_000];
            new Random(1).NextBytes(data);
            Assert.Equal(WaitStatus.WouldBlock, first.Send(data, _waiter, Deadline.NoWait, out int sent));
            Assert.InRange(sent, 1, data.Length - 1);
            Assert.Equal(WaitStatus.TimedOut, first.Send(data.AsSpan(sent), _waiter, Deadline.After(TimeSpan.FromMilliseconds(5)), out int more));
            int already = sent + more;
            Worker<WaitStatus> sender = Worker<WaitStatus>.Start(() =>
            {
                using Waiter own = new();
                return first.Send(data.AsSpan(already), own, Deadline.Infinite, out _);
            });
            using MemoryStream received = new();
            byte[] part = new byte[65536];
            while (received.Length < data.Length)
            {
                Assert.Equal(WaitStatus.Done, second.Receive(part.AsSpan(), _waiter, Deadline.Infinite, out int length));
                received.Write(part, 0, length);
            }

            Assert.Equal(WaitStatus.Done, sender.Result());
            Assert.Equal(data, received.ToArray());
        }
    }

    [Fact]
    public void Waits_are_cancelled_and_end_by_time()
    {
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.SeqPacket);
        using SocketScratch listener = SocketScratch.Listen(UnixSocketType.Stream, backlog: 0);
        using LocalSocket waiting = listener.Connect(_waiter); // fills the backlog of one
        using (first)
        using (second)
        {
            while (first.Send(new byte[1000], _waiter, Deadline.NoWait, out _) == WaitStatus.Done)
            {
            }

            Deadline Soon() => Deadline.After(TimeSpan.FromMilliseconds(5));
            Func<Waiter, Deadline, WaitStatus>[] calls =
            [
                (waiter, deadline) => first.Receive(new MessageBuffer(8), 8, false, waiter, deadline, out _),
                (waiter, deadline) => first.Send(new byte[1000], waiter, deadline, out _),
                (waiter, deadline) =>
                {
                    using LocalSocket late = LocalSocket.Create(UnixSocketType.Stream);
                    return late.Connect(listener.Address, waiter, deadline);
                },
            ];
            foreach (Func<Waiter, Deadline, WaitStatus> call in calls)
            {
                Assert.Equal(WaitStatus.WouldBlock, call(_waiter, Deadline.NoWait));
                Assert.Equal(WaitStatus.TimedOut, call(_waiter, Soon()));
                using Waiter cancelled = new();
                Worker<WaitStatus> worker = Worker<WaitStatus>.Start(() => call(cancelled, Deadline.Infinite)).WaitUntilBlocked();
                cancelled.Cancel();
                Assert.Equal(WaitStatus.Cancelled, worker.Result());
            }
        }

        listener.Accept(_waiter).Dispose();
        Assert.Equal(WaitStatus.WouldBlock, listener.Socket.Accept(_waiter, Deadline.NoWait, out _));
        Assert.Equal(WaitStatus.TimedOut, listener.Socket.Accept(_waiter, Deadline.After(TimeSpan.FromMilliseconds(5)), out _));
        using Waiter stopped = new();
        Worker<WaitStatus> accepting = Worker<WaitStatus>.Start(() => listener.Socket.Accept(stopped, Deadline.Infinite, out _)).WaitUntilBlocked();
        stopped.Cancel();
        Assert.Equal(WaitStatus.Cancelled, accepting.Result());
    }

    /// <summary>A socket that another has set to O_NONBLOCK is waited for all the same.</summary>
    [Fact]
    public void What_does_not_block_by_itself_is_waited_for()
    {
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Datagram);
        using SocketScratch listener = SocketScratch.Listen(UnixSocketType.SeqPacket);
        using (first)
        using (second)
        {
            Assert.Equal(0, Libc.fcntl(second.Descriptor, Libc.F_SETFL, Libc.O_NONBLOCK));
            Assert.Equal(0, Libc.fcntl(listener.Socket.Descriptor, Libc.F_SETFL, Libc.O_NONBLOCK));
            Worker<string> receiver = Worker<string>.Start(() =>
            {
                using Waiter own = new();
                return SocketScratch.Receive(second, own).Text;
            });
            Worker<bool> acceptor = Worker<bool>.Start(() =>
            {
                using Waiter own = new();
                using LocalSocket connection = listener.Accept(own);
                return connection.IsConnected;
            });
            SocketScratch.Send(first, "late", _waiter);
            using LocalSocket client = listener.Connect(_waiter);
            Assert.Equal("late", receiver.Result());
            Assert.True(acceptor.Result());
        }
    }

    [Fact]
    public void The_other_side_is_known_and_can_be_answered()
    {
        using SocketScratch listener = SocketScratch.Listen(UnixSocketType.Stream);
        Assert.True(listener.Socket.IsListening);
        Assert.Equal(listener.Address, listener.Socket.LocalAddress);
        using LocalSocket client = listener.Connect(_waiter);
        using LocalSocket served = listener.Accept(_waiter);
        Assert.False(served.IsListening);
        Assert.Equal(listener.Address, client.PeerAddress);
        Assert.Null(served.PeerAddress);
        SocketCredentials own = new(Environment.ProcessId, Libc.geteuid(), Libc.getegid());
        Assert.Equal(own, client.PeerCredentials);
        Assert.Equal(own, served.PeerCredentials);
        Assert.Null(listener.Socket.PeerAddress);

        using SocketScratch service = SocketScratch.Listen(UnixSocketType.Datagram);
        Assert.Null(service.Socket.PeerCredentials);
        service.Socket.PassesCredentials = true;
        using Peer peer = CPeer.Start(Source, "ask", "datagram", service.Address.Name, "question", $"@psipc-test-{Environment.ProcessId}");
        (string text, ReceivedMessage message) = SocketScratch.Receive(service.Socket, _waiter);
        Assert.Equal("question", text);
        Assert.Equal(new SocketCredentials(peer.Id, Libc.geteuid(), Libc.getegid()), message.Credentials);
        SocketScratch.Send(service.Socket, "answer", _waiter, message.Sender);
        Assert.Equal("6 answer", peer.ReadLine());
        peer.Finish();

        using LocalSocket autobound = LocalSocket.Create(UnixSocketType.Datagram);
        autobound.BindToAnyName();
        SocketScratch.Send(autobound, "who?", _waiter, service.Address);
        message = SocketScratch.Receive(service.Socket, _waiter).Message;
        Assert.Equal(autobound.LocalAddress, message.Sender);
        Assert.True(message.Sender!.IsAbstract);
    }

    [Fact]
    public void Whom_nobody_can_reach_is_said()
    {
        Errno Refused(UnixSocketType type, UnixAddress address)
        {
            using LocalSocket socket = LocalSocket.Create(type);
            return Assert.Throws<IpcException>(() => socket.Connect(address, _waiter, Deadline.Infinite)).Errno;
        }

        Assert.Equal(Errno.ENOENT, Refused(UnixSocketType.Stream, UnixAddress.OfPath(SocketScratch.NewPath())));
        Assert.Equal(Errno.ECONNREFUSED, Refused(UnixSocketType.Stream, UnixAddress.OfAbstractName($"psipc-none-{Guid.NewGuid():N}")));
        string stale = SocketScratch.MakeStale();
        Assert.Equal(Errno.ECONNREFUSED, Refused(UnixSocketType.Stream, UnixAddress.OfPath(stale)));
        SocketScratch.Remove(stale);
        using SocketScratch listener = SocketScratch.Listen(UnixSocketType.Stream);
        Assert.Equal(Errno.EPROTOTYPE, Refused(UnixSocketType.SeqPacket, listener.Address));

        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Stream);
        using (second)
        {
            SocketScratch.Send(second, "unread", _waiter);
            first.Dispose();
            Assert.Equal(Errno.ECONNRESET, Assert.Throws<IpcException>(() => SocketScratch.Receive(second, _waiter)).Errno);
        }

        using SafeDescriptor file = new(Libc.eventfd(0, Libc.EFD_CLOEXEC));
        Assert.Equal(Errno.ENOTSOCK, Assert.Throws<IpcException>(() => LocalSocket.Adopt(file)).Errno);
    }

    [Fact]
    public void Descriptors_that_find_no_room_are_closed_and_said_to_be_lost() => Child.Run(ReceiveWithoutRoom, Child.Limit("--nofile=200"));

    private static void ReceiveWithoutRoom()
    {
        using Waiter waiter = new();
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Datagram);
        using (first)
        using (second)
        {
            Assert.Equal(WaitStatus.Done, first.Send("many"u8, [.. Enumerable.Repeat(first.Descriptor, 40)], null, waiter, Deadline.Infinite, out _));
            SocketScratch.Send(first, "last", waiter);
            string[] before = Kernel.Descriptors();
            List<SafeDescriptor> filled = [];
            (string Text, ReceivedMessage Message) received;
            try
            {
                for (SafeDescriptor next; !(next = new(Libc.fcntl((int)first.Descriptor.DangerousGetHandle(), Libc.F_DUPFD_CLOEXEC, 0))).IsInvalid;)
                {
                    filled.Add(next);
                }

                filled.Take(10).ToList().ForEach(one => one.Dispose());
                received = SocketScratch.Receive(second, waiter);
            }
            finally
            {
                filled.ForEach(one => one.Dispose());
            }

            Assert.Equal("many", received.Text);
            Assert.True(received.Message.LostDescriptors);
            Assert.Empty(received.Message.Descriptors);
            Assert.Equal(before, Kernel.Descriptors());
            Assert.Equal("last", SocketScratch.Receive(second, waiter).Text);
        }
    }
}
