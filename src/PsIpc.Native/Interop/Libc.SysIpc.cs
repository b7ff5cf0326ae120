using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/ipc.h</summary>
internal static partial class Libc
{
    internal const int IPC_CREAT = 0x200;   // 01000
    internal const int IPC_EXCL = 0x400;    // 02000
    internal const int IPC_NOWAIT = 0x800;  // 04000
    internal const int IPC_PRIVATE = 0;
    internal const int IPC_RMID = 0;
    internal const int IPC_SET = 1;
    internal const int IPC_STAT = 2;
    internal const int IPC_INFO = 3;

    /// <summary>struct ipc_perm: 48 bytes on every 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    internal struct ipc_perm
    {
        [FieldOffset(0)] internal int __key;
        [FieldOffset(4)] internal uint uid;
        [FieldOffset(8)] internal uint gid;
        [FieldOffset(12)] internal uint cuid;
        [FieldOffset(16)] internal uint cgid;
        [FieldOffset(20)] internal uint mode;
        [FieldOffset(24)] internal ushort __seq;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int ftok(byte* pathname, int proj_id);
}
