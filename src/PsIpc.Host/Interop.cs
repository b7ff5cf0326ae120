using System.Runtime.InteropServices;

// Without the runtime's own conversions the calls need no stubs compiled at run time.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace PsIpc.Host;

/// <summary>What the host asks of the C library: reading and writing that Ctrl-C can interrupt and that reports a reader's going.</summary>
internal static partial class Interop
{
    internal const int StandardInput = 0;
    internal const int StandardOutput = 1;
    internal const int StandardError = 2;
    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;
    internal const int PIPE_BUF = 4096;
    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int EPIPE = 32;
    internal const int EFD_CLOEXEC = 0x80000;
    internal const nuint TIOCGWINSZ = 0x5413;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int fd;
        internal short events;
        internal short revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        internal ushort ws_row;
        internal ushort ws_col;
        internal ushort ws_xpixel;
        internal ushort ws_ypixel;
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint write(int fd, byte* buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint read(int fd, byte* buf, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int poll(PollDescriptor* fds, nuint nfds, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint initval, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int ioctl(int fd, nuint request, WindowSize* size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int isatty(int fd);
}
