using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Sockets;

/// <summary>
/// The file that a socket of ours was bound to. It is removed with the socket, but only if it is still that file, and nobody else has the
/// socket open: a listener that was handed to another process goes on listening there.
/// </summary>
public sealed class SocketFile
{
    private const uint OwnerOnly = 0x180; // 0600
    private const int Attempts = 100;

    private SocketFile(string path, (ulong Device, ulong Inode) identity) => (Path, Identity) = (path, identity);

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Device and inode. The number is no other file's as long as the socket is open.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <summary>
    /// Binds a socket to an address: bind(2). The file of a path has mode 0600 from its first moment on, until <see cref="SetMode"/> widens it.
    /// </summary>
    /// <param name="socket">The socket.</param>
    /// <param name="address">The address; a path must be one from the root.</param>
    /// <param name="replaceStale">Whether a socket's file to which no socket is bound any more is removed first; nothing else ever is.</param>
    /// <returns>The file; null for an abstract name.</returns>
    /// <exception cref="IpcException">
    /// EADDRINUSE: the name is taken, and the call says by what: "bind(abstract)", "bind(stale)", "bind(bound)", "bind(unknown)" where
    /// that cannot be asked, "bind(file)" by no socket; "bind(sun_path)" ENAMETOOLONG; ENOENT, EACCES: of the directory.
    /// </exception>
    public static unsafe SocketFile? Bind(LocalSocket socket, UnixAddress address, bool replaceStale)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsTooLong)
        {
            // By a descriptor's link it would be bound to a name that leads nowhere from anywhere else, and that ss(8) and peers are shown.
            throw new IpcException("bind(sun_path)", Errno.ENAMETOOLONG);
        }

        // Of a socket that is not bound yet this is the mode that its file will have (but for the umask): there is no moment in
        // which others could connect or send to it.
        _ = IpcException.Check(Libc.fchmod(socket.Descriptor, OwnerOnly), "fchmod");
        if (!address.IsAbstract)
        {
            FileObject.CheckDescriptors(address.Name);
        }

        uint length = address.Write(out Libc.sockaddr_un name);
        for (int attempt = 0; Libc.bind(socket.Descriptor, &name, length) != 0; attempt++)
        {
            Errno errno = Libc.LastErrno;
            if (errno != Errno.EADDRINUSE)
            {
                throw new IpcException("bind", errno);
            }

            if (address.IsAbstract)
            {
                throw new IpcException("bind(abstract)", errno);
            }

            if (attempt == Attempts)
            {
                throw new IpcException("bind(unknown)", errno); // a path that is none, as one with a slash at its end
            }

            MakeWay(address.Name, replaceStale);
        }

        if (address.IsAbstract)
        {
            return null;
        }

        using FileObject? file = FileObject.TryOpen(address.Name);
        return file is { Type: FileObjectType.Socket } ? new SocketFile(address.Name, file.Identity)
            : throw new IpcException("bind", Errno.ESTALE); // removed in this very moment
    }

    /// <summary>Sets the permission bits, whatever the process's umask is.</summary>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">ESTALE: the name is another file's now.</exception>
    public void SetMode(int mode)
    {
        using FileObject file = TryOpen() ?? throw new IpcException("fchmod", Errno.ESTALE);
        file.SetMode(mode);
    }

    /// <summary>Closes the socket, and removes the file if it is still the one it was bound to, and nobody else has the socket open.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <returns>Whether the file was removed.</returns>
    public bool Close(SafeDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        FileObject? file = null;
        try
        {
            file = TryOpen(); // before the socket is closed: the inode's number may be another's afterwards
        }
        catch (IpcException)
        {
            // A directory on the way is closed to us now. The socket must be closed all the same.
        }

        using (file)
        {
            descriptor.Dispose();
            try
            {
                file?.Discard("unlink(socket)", one => UnixSocketProbe.IsBound(one) != true);
                return file is not null;
            }
            catch (IpcException)
            {
                return false; // another process listens there, or the directory is not ours to write to any more: then it stays, stale
            }
        }
    }

    private static void MakeWay(string path, bool replaceStale)
    {
        using FileObject? file = FileObject.TryOpen(path);
        if (file is null)
        {
            return; // gone already
        }

        if (file.Type != FileObjectType.Socket)
        {
            throw new IpcException("bind(file)", Errno.EADDRINUSE);
        }

        switch (UnixSocketProbe.IsBound(file))
        {
            case true:
                throw new IpcException("bind(bound)", Errno.EADDRINUSE);
            case null:
                throw new IpcException("bind(unknown)", Errno.EADDRINUSE);
            case false when !replaceStale:
                throw new IpcException("bind(stale)", Errno.EADDRINUSE);
            default:
                break;
        }

        try
        {
            file.Discard("bind(unlink)", one => UnixSocketProbe.IsBound(one) == false);
        }
        catch (IpcException e) when (e.Errno is Errno.ESTALE or Errno.ENOENT)
        {
            // Somebody was faster: the next attempt sees whose it is.
        }
    }

    private FileObject? TryOpen()
    {
        FileObject? file = FileObject.TryOpen(Path);
        if (file is not null && (file.Identity != Identity || file.Type != FileObjectType.Socket))
        {
            file.Dispose();
            return null;
        }

        return file;
    }
}
