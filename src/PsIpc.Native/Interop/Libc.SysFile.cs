namespace PsIpc.Native.Interop;

/// <summary>sys/file.h</summary>
internal static partial class Libc
{
    internal const int LOCK_SH = 1;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;
    internal const int LOCK_UN = 8;

    // Straight to the kernel, and errno left for Marshal.GetLastSystemError: as msgsnd and msgrcv, for the same reason.
    internal static nint flock(int fd, int operation) => blocking_syscall(SYS_flock, fd, operation, 0, 0, 0);
}
