using System;
using System.IO;
using System.Text;
using PsIpc.Native.Sockets;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Sockets;

/// <summary>What tests of sockets begin with: listeners that go, and their files with them.</summary>
internal sealed class SocketScratch : IDisposable
{
    private const int Backlog = 5;
    private const int OwnerOnly = 0x180;

    private SocketScratch(LocalSocket socket, SocketFile? file, UnixAddress address) => (Socket, File, Address) = (socket, file, address);

    internal LocalSocket Socket { get; }

    internal SocketFile? File { get; }

    internal UnixAddress Address { get; }

    public void Dispose()
    {
        if (File is not null)
        {
            _ = File.Close(Socket.Descriptor);
        }
        else
        {
            Socket.Dispose();
        }
    }

    /// <summary>A path that no other test uses.</summary>
    internal static string NewPath() => Scratch.File($"s{Guid.NewGuid():N}.sock");

    internal static SocketScratch Listen(UnixSocketType type, UnixAddress? address = null, bool replaceStale = false, int backlog = Backlog)
    {
        address ??= UnixAddress.OfPath(NewPath());
        LocalSocket socket = LocalSocket.Create(type);
        try
        {
            SocketFile? file = SocketFile.Bind(socket, address, replaceStale);
            if (type != UnixSocketType.Datagram)
            {
                socket.Listen(backlog);
            }

            file?.SetMode(OwnerOnly);
            return new SocketScratch(socket, file, address);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal LocalSocket Connect(Waiter waiter)
    {
        LocalSocket socket = LocalSocket.Create(Socket.Type);
        Assert.Equal(WaitStatus.Done, socket.Connect(Address, waiter, Deadline.Infinite));
        return socket;
    }

    internal LocalSocket Accept(Waiter waiter)
    {
        Assert.Equal(WaitStatus.Done, Socket.Accept(waiter, Deadline.Infinite, out LocalSocket? connection));
        return connection!;
    }

    /// <summary>A file of a socket that is gone.</summary>
    internal static string MakeStale(UnixSocketType type = UnixSocketType.Stream)
    {
        string path = NewPath();
        using LocalSocket socket = LocalSocket.Create(type);
        _ = SocketFile.Bind(socket, UnixAddress.OfPath(path), replaceStale: false);
        return path;
    }

    internal static void Send(LocalSocket socket, string text, Waiter waiter, UnixAddress? to = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(WaitStatus.Done, socket.Send(bytes, [], to, waiter, Deadline.Infinite, out int sent));
        Assert.Equal(bytes.Length, sent);
    }

    internal static (string Text, ReceivedMessage Message) Receive(LocalSocket socket, Waiter waiter)
    {
        MessageBuffer buffer = new(16);
        Assert.Equal(WaitStatus.Done, socket.Receive(buffer, int.MaxValue, truncate: false, waiter, Deadline.Infinite, out ReceivedMessage message));
        return (Encoding.UTF8.GetString(buffer.Data[..message.Length]), message);
    }

    internal static void Remove(string path)
    {
        System.IO.File.Delete(path);
        Assert.False(Path.Exists(path));
    }
}
