using System;
using System.IO;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Sockets;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Sockets;

public sealed class SocketFileTests
{
    private static UnixAddress NewAddress => UnixAddress.OfPath(SocketScratch.NewPath());

    [Fact]
    public void The_mode_is_exact_and_never_wider_before()
    {
        UnixAddress address = NewAddress;
        using LocalSocket socket = LocalSocket.Create(UnixSocketType.Datagram);
        SocketFile file = SocketFile.Bind(socket, address, replaceStale: false)!;
        Assert.Equal("600\n", Peer.Run("stat", "-c", "%a", address.Name));
        file.SetMode(0x1B6);
        Assert.Equal("666\n", Peer.Run("stat", "-c", "%a", address.Name));
        Assert.True(file.Close(socket.Descriptor));
        Assert.False(Path.Exists(address.Name));
    }

    [Fact]
    public void A_stale_file_is_replaced_when_that_is_asked_for_only()
    {
        foreach (UnixSocketType type in Enum.GetValues<UnixSocketType>())
        {
            string path = SocketScratch.MakeStale(type);
            UnixAddress address = UnixAddress.OfPath(path);
            Assert.Equal("bind(stale)", Assert.Throws<IpcException>(() => SocketScratch.Listen(type, address)).Call);
            using SocketScratch listener = SocketScratch.Listen(type, address, replaceStale: true);
            Assert.Equal(address, listener.Socket.LocalAddress); // a file renamed over it would have another name, and get no answers
            Assert.Equal("bind(bound)", Assert.Throws<IpcException>(() => SocketScratch.Listen(type, address, replaceStale: true)).Call);
            Assert.Empty(Directory.GetFiles(Scratch.Directory, ".psipc-*"));
        }
    }

    [Fact]
    public void Nothing_else_in_the_way_is_ever_removed()
    {
        string stale = SocketScratch.MakeStale();
        string link = SocketScratch.NewPath();
        File.CreateSymbolicLink(link, stale);
        string dangling = SocketScratch.NewPath();
        File.CreateSymbolicLink(dangling, dangling + ".none");
        string file = SocketScratch.NewPath();
        File.WriteAllText(file, "kept");
        string directory = SocketScratch.NewPath();
        Directory.CreateDirectory(directory);
        foreach (string path in (string[])[link, dangling, file, directory])
        {
            IpcException refused = Assert.Throws<IpcException>(() => SocketScratch.Listen(UnixSocketType.Stream, UnixAddress.OfPath(path), replaceStale: true));
            Assert.Equal("bind(file)", refused.Call);
        }

        Assert.Equal(stale, new FileInfo(link).LinkTarget);
        Assert.True(File.Exists(stale));
        Assert.Equal("kept", File.ReadAllText(file));
        Assert.ThrowsAny<IpcException>(() => SocketScratch.Listen(UnixSocketType.Stream, UnixAddress.OfPath(directory + "/"), replaceStale: true));
        Assert.True(Directory.Exists(directory));
        foreach (string path in (string[])[link, dangling, file, stale])
        {
            File.Delete(path);
        }

        Directory.Delete(directory);
    }

    [Fact]
    public void The_file_of_a_newer_listener_stays_when_the_older_ends()
    {
        SocketScratch older = SocketScratch.Listen(UnixSocketType.Stream);
        File.Delete(older.Address.Name);
        using SocketScratch newer = SocketScratch.Listen(UnixSocketType.Stream, older.Address);
        older.Dispose();
        Assert.True(Path.Exists(newer.Address.Name));
        using Waiter waiter = new();
        using LocalSocket client = newer.Connect(waiter);

        // One whose file was deleted ends without a word.
        SocketScratch deleted = SocketScratch.Listen(UnixSocketType.SeqPacket);
        File.Delete(deleted.Address.Name);
        deleted.Dispose();
    }

    [Fact]
    public void The_file_stays_while_another_has_the_socket()
    {
        SocketScratch listener = SocketScratch.Listen(UnixSocketType.Stream);
        (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(UnixSocketType.Datagram);
        using Waiter waiter = new();
        using (first)
        using (second)
        {
            Assert.Equal(WaitStatus.Done, first.Send("listen"u8, [listener.Socket.Descriptor], null, waiter, Deadline.Infinite, out _));
            Assert.False(listener.File!.Close(listener.Socket.Descriptor)); // it is on its way to somebody
            using LocalSocket heir = LocalSocket.Adopt(SocketScratch.Receive(second, waiter).Message.Descriptors.Single());
            Assert.True(heir.IsListening);
            using LocalSocket client = listener.Connect(waiter);
        }

        Assert.True(Path.Exists(listener.Address.Name));
        File.Delete(listener.Address.Name);
    }

    [Fact]
    public void Paths_of_107_bytes_are_bound_to_and_longer_ones_connected_to()
    {
        string directory = Scratch.File(new string('d', UnixAddress.MaxLength - 10 - Scratch.Directory.Length));
        Directory.CreateDirectory(directory);
        string longest = Path.Combine(directory, new string('n', UnixAddress.MaxLength - directory.Length - 1));
        Assert.Equal(UnixAddress.MaxLength, longest.Length);
        using Waiter waiter = new();
        using (SocketScratch listener = SocketScratch.Listen(UnixSocketType.Stream, UnixAddress.OfPath(longest)))
        {
            Assert.Equal(longest, listener.Socket.LocalAddress!.Name);
            IpcException refused = Assert.Throws<IpcException>(() => SocketScratch.Listen(UnixSocketType.Stream, UnixAddress.OfPath(longest + "x")));
            Assert.Equal("bind(sun_path)", refused.Call);
            string beyond = longest + "-and-more";
            File.Move(longest, beyond);
            using LocalSocket client = LocalSocket.Create(UnixSocketType.Stream);
            Assert.Equal(WaitStatus.Done, client.Connect(UnixAddress.OfPath(beyond), waiter, Deadline.Infinite));
            using LocalSocket served = listener.Accept(waiter);
            File.Move(beyond, longest);
        }

        Directory.Delete(directory);
    }

    [Fact]
    public void Abstract_names_may_hold_any_byte()
    {
        string name = $"psipc\0test\uDC80ü-{Environment.ProcessId}";
        UnixAddress address = UnixAddress.OfAbstractName(name);
        using Waiter waiter = new();
        using SocketScratch listener = SocketScratch.Listen(UnixSocketType.Stream, address);
        Assert.Equal("@" + name, listener.Socket.LocalAddress!.Name);
        Assert.Equal(address, listener.Socket.LocalAddress);
        using LocalSocket client = listener.Connect(waiter);
        Assert.Contains(UnixSocketTable.Read(), one => one.IsAbstract && one.Name == "@" + name.Replace('\0', '@'));
        Assert.Equal("bind(abstract)", Assert.Throws<IpcException>(() => SocketScratch.Listen(UnixSocketType.Stream, address)).Call);
        IpcException tooLong = Assert.Throws<IpcException>(() => SocketScratch.Listen(UnixSocketType.Stream, UnixAddress.OfAbstractName(new string('n', UnixAddress.MaxLength + 1))));
        Assert.Equal("bind(sun_path)", tooLong.Call);
        Assert.Throws<ArgumentException>(() => UnixAddress.OfAbstractName(""));
        Assert.Throws<ArgumentException>(() => UnixAddress.OfPath("/tmp/a\0b"));
    }
}
