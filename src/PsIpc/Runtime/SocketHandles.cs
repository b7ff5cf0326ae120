using System;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Sockets;

namespace PsIpc.Runtime;

/// <summary>Makes the handles that users get of sockets and of what comes through them.</summary>
internal static class SocketHandles
{
    private const string MemoryFilePrefix = "/memfd:";
    private const string Deleted = " (deleted)";

    /// <summary>The handle of a socket. It owns the descriptor from now on.</summary>
    internal static UnixSocketHandle Of(LocalSocket socket)
    {
        bool isConnected = socket.IsConnected;
        UnixSocketHandle handle = new(socket.Descriptor)
        {
            SocketType = socket.Type.ToString(),
            Name = socket.LocalAddress?.Name,
        };
        handle.State = socket.IsListening ? "Listening" : isConnected ? "Connected" : handle.Name is not null ? "Bound" : "Unconnected";
        if (isConnected)
        {
            handle.PeerName = socket.PeerAddress?.Name;
            if (socket.PeerCredentials is { } peer)
            {
                (handle.PeerProcessId, handle.PeerUserId, handle.PeerGroupId) = (peer.ProcessId, peer.UserId, peer.GroupId);
            }
        }

        return handle;
    }

    /// <summary>The handle of a descriptor that came from elsewhere, by what it is. It owns the descriptor from now on.</summary>
    internal static DescriptorHandle Of(SafeDescriptor descriptor)
    {
        DescriptorStatus status = DescriptorStatus.Of(descriptor);
        if (status.Type == FileObjectType.Socket)
        {
            try
            {
                return Of(LocalSocket.Adopt(descriptor));
            }
            catch (IpcException e) when (e.Errno == Errno.EAFNOSUPPORT)
            {
                // one of the network: good to be handed on
            }
        }

        string link = status.Link ?? "";
        bool isMemory = link.StartsWith(MemoryFilePrefix, StringComparison.Ordinal);
        return new PassedHandle(descriptor)
        {
            HandleKind = status.Type switch
            {
                _ when status.IsDirectory => "Directory",
                FileObjectType.Fifo => link.StartsWith("pipe:", StringComparison.Ordinal) ? "Pipe" : "Fifo",
                FileObjectType.Regular => isMemory ? "MemoryFile" : "File",
                FileObjectType.Socket => "Socket",
                _ => "Other",
            },
            Access = status.Access switch
            {
                HeldFor.Reading => "Read",
                HeldFor.Writing => "Write",
                HeldFor.Nothing => "None",
                _ => "ReadWrite",
            },
            Name = isMemory && link.EndsWith(Deleted, StringComparison.Ordinal) ? link[..^Deleted.Length] : link,
        };
    }

    /// <summary>The handles of all descriptors of a message, or none at all: what cannot be looked at is closed.</summary>
    internal static IpcHandle[] Of(SafeDescriptor[] descriptors)
    {
        IpcHandle[] handles = new IpcHandle[descriptors.Length];
        try
        {
            for (int i = 0; i < handles.Length; i++)
            {
                handles[i] = Of(descriptors[i]);
            }

            return handles;
        }
        catch
        {
            Array.ForEach(descriptors, one => one.Dispose());
            throw;
        }
    }
}
