using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Asks the kernel whether a socket's file still leads to a socket. The file alone does not tell, and the tables of sockets show those of one
/// network namespace, while files are shared between them.
/// </summary>
public static class UnixSocketProbe
{
    /// <summary>
    /// Whether any socket, of whatever namespace, is bound to the file; null where that may not be asked: it takes write permission
    /// for the file. Nobody is connected to: a datagram socket of the own asks, which a stream socket refuses for its type
    /// (EPROTOTYPE), and which another datagram socket never hears of.
    /// </summary>
    /// <param name="file">The file.</param>
    public static unsafe bool? IsBound(FileObject file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using SafeDescriptor socket = SafeDescriptor.Checked(
            Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0), "socket");
        using DescriptorLease lease = new(file.Descriptor);

        // By the descriptor: the path may be too long for an address, and lead elsewhere by now.
        byte[] link = NativeString.Encode($"/proc/self/fd/{lease.Value}");
        Libc.sockaddr_un address = default;
        address.sun_family = Libc.AF_UNIX;
        link.CopyTo(new Span<byte>(address.sun_path, 108));
        return Libc.connect(socket, &address, (uint)sizeof(Libc.sockaddr_un)) == 0 ? true : Libc.LastErrno switch
        {
            Errno.ECONNREFUSED => false,
            Errno.EPROTOTYPE or Errno.EPERM or Errno.EAGAIN => true, // EPERM: it has a partner, and hears no other
            _ => null,
        };
    }
}
