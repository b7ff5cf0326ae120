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
    internal const int O_NOCTTY = 0x100;    // 0400
    internal const int O_TRUNC = 0x200;     // 01000
    internal const int O_APPEND = 0x400;    // 02000
    internal const int O_NONBLOCK = 0x800;  // 04000
    internal const int O_ACCMODE = 3;
    internal const int O_CLOEXEC = 0x80000; // 02000000
    internal const int O_PATH = 0x200000;   // 010000000
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_SETSIG = 10;
    internal const int F_SETPIPE_SZ = 1031;
    internal const int F_GETPIPE_SZ = 1032;
    internal const int F_SETLEASE = 1024;
    internal const int F_GETFD = 1;
    internal const int F_SETFD = 2;
    internal const int FD_CLOEXEC = 1;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_ADD_SEALS = 1033;
    internal const int F_GET_SEALS = 1034;
    internal const int F_SEAL_SEAL = 1;
    internal const int F_SEAL_SHRINK = 2;
    internal const int F_SEAL_GROW = 4;
    internal const int F_SEAL_WRITE = 8;

    /// <summary>Linux 5.1.</summary>
    internal const int F_SEAL_FUTURE_WRITE = 16;
    internal const int X_OK = 1;
    internal const int AT_FDCWD = -100;
    internal const int AT_EACCESS = 0x200;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_SYMLINK_FOLLOW = 0x400;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int F_SETLK = 6;
    internal const int F_SETLKW = 7;
    internal const int F_OFD_GETLK = 36;
    internal const int F_OFD_SETLK = 37;
    internal const int F_OFD_SETLKW = 38;
    internal const short F_RDLCK = 0;
    internal const short F_WRLCK = 1;
    internal const short F_UNLCK = 2;
    internal const short SEEK_SET = 0;

    /// <summary>struct flock: 32 bytes on every 64-bit Linux. Its l_pid must be 0 for the F_OFD commands.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    internal struct flock_t
    {
        [FieldOffset(0)] internal short l_type;
        [FieldOffset(2)] internal short l_whence;
        [FieldOffset(8)] internal long l_start;
        [FieldOffset(16)] internal long l_len;
        [FieldOffset(24)] internal int l_pid;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int open(byte* pathname, int flags, uint mode);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int openat(SafeDescriptor dirfd, byte* pathname, int flags, uint mode);

    // Straight to the kernel, and errno left for Marshal.GetLastSystemError: as msgsnd and msgrcv, for the same reason.
    internal static unsafe nint fcntl(int fd, int cmd, flock_t* arg) => blocking_syscall(SYS_fcntl, fd, cmd, (nint)arg, 0, 0);

    /// <summary>open(2) where it may wait for the other side of a FIFO; errno as above.</summary>
    internal static unsafe nint blocking_open(byte* pathname, int flags, uint mode) => blocking_syscall(SYS_openat, AT_FDCWD, (nint)pathname, flags, (nint)mode, 0);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int fallocate(SafeDescriptor fd, int mode, long offset, long len);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int linkat(int olddirfd, byte* oldpath, int newdirfd, byte* newpath, int flags);

    /// <summary>Whatever its third argument is in C, it goes as a word.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static partial int fcntl(SafeDescriptor fd, int cmd, nint arg);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int fcntl(int fd, int cmd, int arg);

    /// <summary>unistd.h; with AT_EACCESS it asks for the effective user.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int faccessat(int dirfd, byte* pathname, int mode, int flags);
}
