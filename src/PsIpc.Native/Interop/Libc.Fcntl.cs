using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>fcntl.h</summary>
internal static partial class Libc
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;      // 0100
    internal const int O_EXCL = 0x80;       // 0200
    internal const int O_NONBLOCK = 0x800;  // 04000
    internal const int O_CLOEXEC = 0x80000; // 02000000
    internal const int F_GETFD = 1;
    internal const int F_SETFD = 2;
    internal const int FD_CLOEXEC = 1;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int X_OK = 1;
    internal const int AT_FDCWD = -100;
    internal const int AT_EACCESS = 0x200;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_EMPTY_PATH = 0x1000;

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int open(byte* pathname, int flags, uint mode);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int openat(SafeDescriptor dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int fcntl(int fd, int cmd, int arg);

    /// <summary>unistd.h; with AT_EACCESS it asks for the effective user.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int faccessat(int dirfd, byte* pathname, int mode, int flags);
}
