using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>mqueue.h</summary>
internal static partial class Libc
{
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct mq_attr
    {
        internal nint mq_flags;
        internal nint mq_maxmsg;
        internal nint mq_msgsize;
        internal nint mq_curmsgs;
    }

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int mq_open(byte* name, int oflag, uint mode, mq_attr* attr);

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int mq_unlink(byte* name);

    // Straight to the kernel, and errno left for Marshal.GetLastSystemError: as msgsnd and msgrcv, for the same reason.
    internal static unsafe nint mq_timedsend(int mqdes, byte* msg_ptr, nuint msg_len, uint msg_prio, timespec* abs_timeout) =>
        blocking_syscall(SYS_mq_timedsend, mqdes, (nint)msg_ptr, (nint)msg_len, (nint)msg_prio, (nint)abs_timeout);

    internal static unsafe nint mq_timedreceive(int mqdes, byte* msg_ptr, nuint msg_len, uint* msg_prio, timespec* abs_timeout) =>
        blocking_syscall(SYS_mq_timedreceive, mqdes, (nint)msg_ptr, (nint)msg_len, (nint)msg_prio, (nint)abs_timeout);

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int mq_getattr(SafeDescriptor mqdes, mq_attr* attr);

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int mq_setattr(SafeDescriptor mqdes, mq_attr* newattr, mq_attr* oldattr);
}
