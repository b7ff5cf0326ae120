using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/uio.h</summary>
internal static partial class Libc
{
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
}
