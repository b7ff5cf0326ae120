using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>unistd.h, and the system calls that older C libraries do not wrap.</summary>
internal static partial class Libc
{
    [LibraryImport(C, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint read(SafeDescriptor fd, byte* buf, nuint count);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint pread(SafeDescriptor fd, byte* buf, nuint count, long offset);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint pwrite(SafeDescriptor fd, byte* buf, nuint count, long offset);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int fdatasync(SafeDescriptor fd);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int unlink(byte* pathname);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint write(SafeDescriptor fd, byte* buf, nuint count);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint readlink(byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int ftruncate(SafeDescriptor fd, long length);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint readlinkat(SafeDescriptor dirfd, byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int unlinkat(SafeDescriptor dirfd, byte* pathname, int flags);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int fchownat(SafeDescriptor dirfd, byte* pathname, uint owner, uint group, int flags);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int fchown(SafeDescriptor fd, uint owner, uint group);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int fchmod(SafeDescriptor fd, uint mode);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int pipe2(int* pipefd, int flags);

    // Straight to the kernel, and errno left for Marshal.GetLastSystemError: as msgsnd and msgrcv, for the same reason.
    internal static unsafe nint read(int fd, byte* buf, nuint count) => blocking_syscall(SYS_read, fd, (nint)buf, (nint)count, 0, 0);

    internal static unsafe nint write(int fd, byte* buf, nuint count) => blocking_syscall(SYS_write, fd, (nint)buf, (nint)count, 0, 0);

    [LibraryImport(C)]
    internal static partial int getpid();

    [LibraryImport(C)]
    internal static partial uint getuid();

    [LibraryImport(C, SetLastError = true)]
    internal static partial int getpgid(int pid);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int dup3(int oldfd, int newfd, int flags);

    [LibraryImport(C)]
    internal static partial uint geteuid();

    [LibraryImport(C)]
    internal static partial uint getegid();

    [LibraryImport(C, SetLastError = true)]
    internal static partial int setns(SafeDescriptor fd, int nstype);

    internal const int CLONE_NEWIPC = 0x08000000;

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall0(nint number);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall3(nint number, nint a, nint b, nint c);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall5(nint number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>
    /// A call that may block, without the marshaller's bookkeeping of errno: who makes it looks at
    /// Marshal.GetLastSystemError at once, and only when it has failed.
    /// </summary>
    [LibraryImport(C, EntryPoint = "syscall")]
    private static partial nint blocking_syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport(C, EntryPoint = "syscall")]
    private static partial nint blocking_syscall6(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>gettid(2): wrapped by glibc from 2.30 only.</summary>
    internal static int gettid() => (int)syscall0(SYS_gettid);

    /// <summary>tgkill(2): wrapped by glibc from 2.30 only.</summary>
    internal static int tgkill(int tgid, int tid, int sig) => (int)syscall3(SYS_tgkill, tgid, tid, sig);

    /// <summary>pidfd_open(2): wrapped by glibc from 2.36 only.</summary>
    internal static int pidfd_open(int pid, uint flags) => (int)syscall3(SYS_pidfd_open, pid, (nint)flags, 0);

    /// <summary>pidfd_send_signal(2): wrapped by glibc from 2.36 only.</summary>
    internal static unsafe int pidfd_send_signal(int pidfd, int sig, siginfo_t* info, uint flags) =>
        (int)syscall5(SYS_pidfd_send_signal, pidfd, sig, (nint)info, (nint)flags, 0);

    /// <summary>mq_notify(2) as the kernel has it; the C library's own SIGEV_THREAD would start a thread.</summary>
    internal static unsafe int sys_mq_notify(int mqdes, sigevent* sevp) => (int)syscall3(SYS_mq_notify, mqdes, (nint)sevp, 0);

    /// <summary>renameat2(2), stdio.h: wrapped by glibc from 2.28, by musl from 1.2.6.</summary>
    internal static unsafe int renameat2(int olddirfd, byte* oldpath, int newdirfd, byte* newpath, uint flags) =>
        (int)syscall5(SYS_renameat2, olddirfd, (nint)oldpath, newdirfd, (nint)newpath, (nint)flags);

    internal const uint RENAME_NOREPLACE = 1;

    /// <summary>statx(2): one layout on every machine, where struct stat has one per machine.</summary>
    internal static unsafe int statx(int dirfd, byte* pathname, int flags, uint mask, statx_buf* buffer) =>
        (int)syscall5(SYS_statx, dirfd, (nint)pathname, flags, (nint)mask, (nint)buffer);
}
