using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>poll.h</summary>
internal static partial class Libc
{
    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;
    internal const short POLLERR = 8;
    internal const short POLLHUP = 16;
    internal const short POLLNVAL = 32;
    internal const short POLLRDHUP = 0x2000;

    [StructLayout(LayoutKind.Sequential)]
    internal struct pollfd
    {
        internal int fd;
        internal short events;
        internal short revents;
    }

    /// <summary>No SetLastError: who makes it looks at Marshal.GetLastSystemError at once, and only when it has failed.</summary>
    [LibraryImport(C)]
    internal static unsafe partial int poll(pollfd* fds, nuint nfds, int timeout);
}
