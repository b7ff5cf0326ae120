using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/uio.h</summary>
internal static partial class Libc
{
    /// <summary>For this call alone do not wait, whatever the flags of the open file say. Pipes and sockets know it from Linux 6.5 on.</summary>
    internal const int RWF_NOWAIT = 8;

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct iovec
    {
        internal void* iov_base;
        internal nuint iov_len;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint process_vm_readv(int pid, iovec* local_iov, ulong liovcnt, iovec* remote_iov, ulong riovcnt, ulong flags);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial nint process_vm_writev(int pid, iovec* local_iov, ulong liovcnt, iovec* remote_iov, ulong riovcnt, ulong flags);
    /// <summary>preadv2(2) at the current position: the C library's own goes without flags where the kernel is old, and would wait.</summary>
    internal static unsafe nint preadv2(int fd, iovec* iov, int flags) => blocking_syscall6(SYS_preadv2, fd, (nint)iov, 1, -1, -1, flags);

    /// <summary>pwritev2(2), likewise.</summary>
    internal static unsafe nint pwritev2(int fd, iovec* iov, int flags) => blocking_syscall6(SYS_pwritev2, fd, (nint)iov, 1, -1, -1, flags);
}
