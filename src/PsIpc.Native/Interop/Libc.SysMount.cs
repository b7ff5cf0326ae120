using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/statfs.h, and of sys/mount.h the calls that make a file system reachable by a descriptor alone (Linux 5.2).</summary>
internal static partial class Libc
{
    internal const int FSOPEN_CLOEXEC = 1;
    internal const int FSCONFIG_CMD_CREATE = 6;
    internal const int FSMOUNT_CLOEXEC = 1;

    /// <summary>MQUEUE_MAGIC: what a POSIX queue file system calls itself.</summary>
    internal const nint MQUEUE_MAGIC = 0x19800202;

    /// <summary>HUGETLBFS_MAGIC: what the file system of huge pages calls itself.</summary>
    internal const long HUGETLBFS_MAGIC = 0x958458f6;

    /// <summary>struct statfs: 120 bytes, f_type first.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    internal struct statfs_buf
    {
        [FieldOffset(0)] internal nint f_type;
        [FieldOffset(8)] internal nint f_bsize;
        [FieldOffset(16)] internal ulong f_blocks;
        [FieldOffset(32)] internal ulong f_bavail;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int fstatfs(SafeDescriptor fd, statfs_buf* buf);

    internal static unsafe int fsopen(byte* fsname, uint flags) => (int)syscall3(SYS_fsopen, (nint)fsname, (nint)flags, 0);

    internal static int fsconfig_create(SafeDescriptor fd)
    {
        using DescriptorLease lease = new(fd);
        return (int)syscall5(SYS_fsconfig, lease.Value, FSCONFIG_CMD_CREATE, 0, 0, 0);
    }

    internal static int fsmount(SafeDescriptor fd, uint flags)
    {
        using DescriptorLease lease = new(fd);
        return (int)syscall3(SYS_fsmount, lease.Value, (nint)flags, 0);
    }
}
