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
        Uid = status.stx_uid;
        Gid = status.stx_gid;
        Inode = status.stx_ino;
        Size = (long)status.stx_size;
        Device = ((ulong)status.stx_dev_major << 32) | status.stx_dev_minor;
        ChangeTime = DateTimeOffset.FromUnixTimeSeconds(status.stx_ctime.tv_sec)
            .AddTicks(status.stx_ctime.tv_nsec / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>Type and permission bits.</summary>
    internal int Mode { get; }

    internal uint Uid { get; }

    internal uint Gid { get; }

    internal ulong Inode { get; }

    /// <summary>Bytes.</summary>
    internal long Size { get; }

    /// <summary>Major number in the upper half, minor in the lower.</summary>
    internal ulong Device { get; }

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

    /// <summary>Describes a path, following symbolic links; null with errno when that fails.</summary>
    internal static unsafe FileStatus? TryGet(string path)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return Get(Libc.AT_FDCWD, name, 0);
        }
    }

    /// <summary>Describes a path; null with errno when that fails.</summary>
    internal static unsafe FileStatus? TryGetHere(byte* path, bool follow) =>
        Get(Libc.AT_FDCWD, path, follow ? 0 : Libc.AT_SYMLINK_NOFOLLOW);

    /// <summary>Describes a directory's entry; null with errno when that fails.</summary>
    internal static unsafe FileStatus? TryGetAt(SafeDescriptor directory, byte* name, bool follow)
    {
        using DescriptorLease lease = new(directory);
        return Get(lease.Value, name, follow ? 0 : Libc.AT_SYMLINK_NOFOLLOW);
    }

    private static unsafe FileStatus? Get(int directory, byte* path, int flags)
    {
        Libc.statx_buf status;
        return Libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS, &status) == 0 ? new FileStatus(status) : null;
    }
}
