using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/msg.h</summary>
internal static partial class Libc
{
    internal const int MSG_NOERROR = 0x1000; // 010000
    internal const int MSG_EXCEPT = 0x2000;  // 020000
    internal const int MSG_COPY = 0x4000;    // 040000
    internal const int MSG_INFO = 12;
    internal const int MSG_STAT_ANY = 13;

    [StructLayout(LayoutKind.Explicit, Size = 120)]
    internal struct msqid_ds
    {
        [FieldOffset(0)] internal ipc_perm msg_perm;
        [FieldOffset(48)] internal long msg_stime;
        [FieldOffset(56)] internal long msg_rtime;
        [FieldOffset(64)] internal long msg_ctime;
        [FieldOffset(72)] internal ulong msg_cbytes;
        [FieldOffset(80)] internal ulong msg_qnum;
        [FieldOffset(88)] internal ulong msg_qbytes;
        [FieldOffset(96)] internal int msg_lspid;
        [FieldOffset(100)] internal int msg_lrpid;
    }

    [StructLayout(LayoutKind.Sequential, Size = 32)]
    internal struct msginfo
    {
        internal int msgpool;
        internal int msgmap;
        internal int msgmax;
        internal int msgmnb;
        internal int msgmni;
        internal int msgssz;
        internal int msgtql;
        internal ushort msgseg;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static partial int msgget(int key, int msgflg);

    // The next two straight to the kernel: the C library's own are cancellation points, which in a process with threads
    // cost two atomic operations a call. They leave errno for Marshal.GetLastSystemError.

    /// <param name="msqid">The queue.</param>
    /// <param name="msgp">A long of type followed by the data.</param>
    /// <param name="msgsz">Length of the data alone.</param>
    /// <param name="msgflg">IPC_NOWAIT or 0.</param>
    internal static unsafe nint msgsnd(int msqid, byte* msgp, nuint msgsz, int msgflg) =>
        blocking_syscall(SYS_msgsnd, msqid, (nint)msgp, (nint)msgsz, msgflg, 0);

    internal static unsafe nint msgrcv(int msqid, byte* msgp, nuint msgsz, nint msgtyp, int msgflg) =>
        blocking_syscall(SYS_msgrcv, msqid, (nint)msgp, (nint)msgsz, msgtyp, msgflg);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int msgctl(int msqid, int cmd, void* buf);
}
