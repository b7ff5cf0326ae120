using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/socket.h and sys/un.h: so far only what netlink takes, and what tells whether a socket's file leads anywhere.</summary>
internal static partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int AF_NETLINK = 16;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = O_CLOEXEC;
    internal const int SOCK_NONBLOCK = O_NONBLOCK;
    internal const int MSG_DONTWAIT = 0x40;

    [LibraryImport(C, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint recv(SafeDescriptor sockfd, byte* buf, nuint len, int flags);

    [StructLayout(LayoutKind.Explicit, Size = 110)]
    internal unsafe struct sockaddr_un
    {
        [FieldOffset(0)] internal ushort sun_family;
        [FieldOffset(2)] internal fixed byte sun_path[108];
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int connect(SafeDescriptor sockfd, sockaddr_un* addr, uint addrlen);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint send(SafeDescriptor sockfd, byte* buf, nuint len, int flags);
}
