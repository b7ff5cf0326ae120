using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>What statx(2) says of a file.</summary>
internal readonly record struct FileStatus
{
    private FileStatus(in Libc.statx_buf status)
    {
        Mode = status.stx_mode;
        Links = status.stx_nlink;
        Uid = status.stx_uid;
        Gid = status.stx_gid;
        Inode = status.stx_ino;
        Device = DeviceNumber.Of(status.stx_dev_major, status.stx_dev_minor);
        Mount = (status.stx_mask & Libc.STATX_MNT_ID) != 0 ? status.stx_mnt_id : null;
        Size = (long)status.stx_size;
        AllocatedBytes = (long)status.stx_blocks * 512;
        AccessTime = Time(status.stx_atime);
        ModifyTime = Time(status.stx_mtime);
        ChangeTime = Time(status.stx_ctime);
    }

    /// <summary>Type and permission bits.</summary>
    internal int Mode { get; }

    /// <summary>S_IFREG, S_IFIFO and so on.</summary>
    internal uint Type => (uint)Mode & Libc.S_IFMT;

    internal long Size { get; }

    /// <summary>Bytes that it takes on the disk or in memory.</summary>
    internal long AllocatedBytes { get; }

    /// <summary>How many names it has: 0 when the last was removed and somebody still has it open.</summary>
    internal uint Links { get; }

    internal uint Uid { get; }

    internal uint Gid { get; }

    internal ulong Inode { get; }

    /// <summary>Major number in the upper half, minor in the lower.</summary>
    internal ulong Device { get; }

    internal (ulong Device, ulong Inode) Identity => (Device, Inode);

    /// <summary>The mount by which it was reached, by its number in mountinfo; null before Linux 5.8.</summary>
    internal ulong? Mount { get; }

    internal DateTimeOffset AccessTime { get; }

    internal DateTimeOffset ModifyTime { get; }

    internal DateTimeOffset ChangeTime { get; }

    /// <summary>Describes what a descriptor refers to.</summary>
    internal static unsafe FileStatus Of(SafeDescriptor descriptor)
    {
        using DescriptorLease lease = new(descriptor);
        fixed (byte* nothing = "\0"u8)
        {
            return Get(lease.Value, nothing, Libc.AT_EMPTY_PATH) ?? throw IpcException.Last("statx");
        }
    }

    /// <summary>Describes a path; null with errno when that fails.</summary>
    internal static unsafe FileStatus? TryGet(string path, bool follow = true)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return Get(Libc.AT_FDCWD, name, follow ? 0 : Libc.AT_SYMLINK_NOFOLLOW);
        }
    }

    /// <summary>Describes a directory's entry; null with errno when that fails.</summary>
    internal static unsafe FileStatus? TryGetAt(SafeDescriptor directory, byte* name, bool follow)
    {
        using DescriptorLease lease = new(directory);
        return Get(lease.Value, name, follow ? 0 : Libc.AT_SYMLINK_NOFOLLOW);
    }

    private static unsafe FileStatus? Get(int directory, byte* path, int flags)
    {
        Libc.statx_buf status;
        return Libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &status) == 0 ? new FileStatus(status) : null;
    }

    private static DateTimeOffset Time(in Libc.statx_timestamp time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.tv_sec).AddTicks(time.tv_nsec / TimeSpan.NanosecondsPerTick);
}
