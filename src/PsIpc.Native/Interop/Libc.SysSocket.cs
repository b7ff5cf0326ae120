using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/socket.h, sys/un.h and sys/uio.h</summary>
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
    internal const int SOL_SOCKET = 1;
    internal const int SO_TYPE = 3;
    internal const int SO_SNDBUF = 7;
    internal const int SO_PASSCRED = 16;
    internal const int SO_PEERCRED = 17;
    internal const int SO_ACCEPTCONN = 30;
    internal const int SO_DOMAIN = 39;
    internal const int SCM_RIGHTS = 1;
    internal const int SCM_CREDENTIALS = 2;
    internal const int SCM_PIDFD = 4;
    internal const int MSG_PEEK = 2;
    internal const int MSG_CTRUNC = 8;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_CMSG_CLOEXEC = 0x40000000;

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

    /// <summary>As the kernel and glibc have it; musl declares half the length for two fields and pads them.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 56)]
    internal unsafe struct msghdr
    {
        [FieldOffset(0)] internal void* msg_name;
        [FieldOffset(8)] internal uint msg_namelen;
        [FieldOffset(16)] internal iovec* msg_iov;
        [FieldOffset(24)] internal nuint msg_iovlen;
        [FieldOffset(32)] internal void* msg_control;
        [FieldOffset(40)] internal nuint msg_controllen;
        [FieldOffset(48)] internal int msg_flags;
    }

    /// <summary>What is sent with it follows at once: 16 is a multiple of its alignment.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct cmsghdr
    {
        [FieldOffset(0)] internal nuint cmsg_len;
        [FieldOffset(8)] internal int cmsg_level;
        [FieldOffset(12)] internal int cmsg_type;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ucred
    {
        internal int pid;
        internal uint uid;
        internal uint gid;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int socketpair(int domain, int type, int protocol, int* sv);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int bind(SafeDescriptor sockfd, sockaddr_un* addr, uint addrlen);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int listen(SafeDescriptor sockfd, int backlog);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int getsockname(SafeDescriptor sockfd, sockaddr_un* addr, uint* addrlen);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int getpeername(SafeDescriptor sockfd, sockaddr_un* addr, uint* addrlen);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int getsockopt(SafeDescriptor sockfd, int level, int optname, void* optval, uint* optlen);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int setsockopt(SafeDescriptor sockfd, int level, int optname, void* optval, uint optlen);

    // Straight to the kernel, and errno left for Marshal.GetLastSystemError: as msgsnd and msgrcv, for the same reason.
    internal static unsafe nint connect(int sockfd, sockaddr_un* addr, uint addrlen) => blocking_syscall(SYS_connect, sockfd, (nint)addr, (nint)addrlen, 0, 0);

    internal static unsafe nint accept4(int sockfd, int flags) => blocking_syscall(SYS_accept4, sockfd, 0, 0, flags, 0);

    internal static unsafe nint sendmsg(int sockfd, msghdr* msg, int flags) => blocking_syscall(SYS_sendmsg, sockfd, (nint)msg, flags, 0, 0);

    internal static unsafe nint recvmsg(int sockfd, msghdr* msg, int flags) => blocking_syscall(SYS_recvmsg, sockfd, (nint)msg, flags, 0, 0);
}
