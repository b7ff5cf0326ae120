using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Sockets;

namespace PsIpc.Runtime;

/// <summary>A socket that is bound to a name: kept by the runspace, so that no collection ends it, and its file goes with it.</summary>
internal sealed class SocketHold(SafeDescriptor socket, SocketFile? file) : IDisposable
{
    /// <summary>Closes the socket, and removes its file if that is still the one.</summary>
    public void Dispose()
    {
        if (socket.IsClosed)
        {
            return;
        }

        if (file is null)
        {
            socket.Dispose();
        }
        else
        {
            _ = file.Close(socket);
        }
    }

    /// <summary>Lets the current runspace keep a socket; closing the handle lets it go.</summary>
    internal static void Keep(UnixSocketHandle handle, SocketFile? file)
    {
        SocketHold hold = new(handle.Owned, file);
        handle.Release = () => RunspaceResources.Release(hold);
        handle.File = file;
        RunspaceResources.Keep(hold);
    }

    /// <summary>Lets the current runspace keep a copy of a socket that is kept: the file goes with whichever of them is closed last.</summary>
    internal static void KeepCopy(UnixSocketHandle original, UnixSocketHandle copy)
    {
        if (original.Release is not null)
        {
            Keep(copy, original.File);
        }
    }
}
