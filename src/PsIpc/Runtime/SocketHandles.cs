using PsIpc.Native.Sockets;

namespace PsIpc.Runtime;

/// <summary>Makes the handles that users get of sockets.</summary>
internal static class SocketHandles
{
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
}
