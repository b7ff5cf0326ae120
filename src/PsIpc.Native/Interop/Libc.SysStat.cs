using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/stat.h and linux/stat.h</summary>
internal static partial class Libc
{
    internal const uint S_IFMT = 0xF000;
    internal const uint S_IFSOCK = 0xC000;
    internal const uint S_IFLNK = 0xA000;
    internal const uint S_IFREG = 0x8000;
    internal const uint S_IFDIR = 0x4000;
    internal const uint S_IFIFO = 0x1000;
    internal const uint STATX_BASIC_STATS = 0x7FF;
    internal const uint STATX_MNT_ID = 0x1000;

    [StructLayout(LayoutKind.Sequential)]
    internal struct statx_timestamp
    {
        internal long tv_sec;
        internal uint tv_nsec;
        internal int __reserved;
    }

    /// <summary>struct statx: 256 bytes, the same on every machine.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct statx_buf
    {
        [FieldOffset(0)] internal uint stx_mask;
        [FieldOffset(4)] internal uint stx_blksize;
        [FieldOffset(16)] internal uint stx_nlink;
        [FieldOffset(20)] internal uint stx_uid;
        [FieldOffset(24)] internal uint stx_gid;
        [FieldOffset(28)] internal ushort stx_mode;
        [FieldOffset(32)] internal ulong stx_ino;
        [FieldOffset(40)] internal ulong stx_size;
        [FieldOffset(48)] internal ulong stx_blocks;
        [FieldOffset(64)] internal statx_timestamp stx_atime;
        [FieldOffset(96)] internal statx_timestamp stx_ctime;
        [FieldOffset(112)] internal statx_timestamp stx_mtime;
        [FieldOffset(136)] internal uint stx_dev_major;
        [FieldOffset(140)] internal uint stx_dev_minor;
        [FieldOffset(144)] internal ulong stx_mnt_id;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int chmod(byte* pathname, uint mode);

    /// <summary>Both times at once: <paramref name="times"/> is two timespecs, or null for now.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static partial int futimens(SafeDescriptor fd, nint times);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int mkfifo(byte* pathname, uint mode);
}
