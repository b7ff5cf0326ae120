using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/epoll.h and sys/eventfd.h</summary>
internal static partial class Libc
{
    internal const int EPOLL_CLOEXEC = O_CLOEXEC;
    internal const int EPOLL_CTL_ADD = 1;
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLET = 1u << 31;
    internal const int EFD_CLOEXEC = O_CLOEXEC;
    internal const int EFD_NONBLOCK = O_NONBLOCK;

    /// <summary>Packed on x64 (12 bytes), naturally aligned on arm64 (16 bytes).</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct epoll_event_x64
    {
        internal uint events;
        internal ulong data;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct epoll_event_arm64
    {
        internal uint events;
        internal ulong data;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int epoll_ctl(SafeDescriptor epfd, int op, SafeDescriptor fd, void* @event);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int epoll_wait(SafeDescriptor epfd, void* events, int maxevents, int timeout);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int eventfd(uint initval, int flags);

    /// <summary>By its number, which a lease keeps: a handle that was disposed meanwhile would refuse.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static partial int eventfd_write(int fd, ulong value);
}
