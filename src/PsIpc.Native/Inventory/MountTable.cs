using System;
using System.Buffers.Text;
using System.Collections.Generic;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Names files as the kernel's own tables do: by the device of their file system. stat(2) shows another one for files of btrfs, and of an overlay of
/// several file systems; see stx_mnt_id in statx(2), and proc_pid_mountinfo(5).
/// </summary>
public sealed class MountTable
{
    /// <summary>The devices by the mounts' numbers, read when they are first asked for.</summary>
    private Dictionary<ulong, ulong> Devices => field ??= Read();

    /// <summary>Device and inode of a file, of whatever type, as /proc/locks has them. A link is followed.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="IpcException">It may not be looked at.</exception>
    public (ulong Device, ulong Inode)? TryIdentify(string path) =>
        FileStatus.TryGet(path) is { } status ? IdentityOf(status)
            : Libc.LastErrno == Errno.ENOENT ? null
            : throw IpcException.Last("open(lock)");

    /// <summary>The same of one that was looked at. What is mounted nowhere, or out of sight, is left as it is.</summary>
    internal (ulong Device, ulong Inode) IdentityOf(in FileStatus status) =>
        (status.Mount is { } mount && Devices.TryGetValue(mount, out ulong device) ? device : status.Device, status.Inode);

    private static Dictionary<ulong, ulong> Read()
    {
        Dictionary<ulong, ulong> devices = [];
        ProcFile reader = new();
        foreach (ReadOnlySpan<byte> line in reader.Lines("/proc/self/mountinfo"))
        {
            // "36 35 98:0 /root /mnt …": the mount, its parent, its file system's device
            if (!Utf8Parser.TryParse(line, out ulong mount, out int end))
            {
                continue;
            }

            ReadOnlySpan<byte> rest = line[end..].TrimStart((byte)' ');
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
            if (Utf8Parser.TryParse(rest, out uint major, out end) && end < rest.Length && Utf8Parser.TryParse(rest[(end + 1)..], out uint minor, out _))
            {
                devices[mount] = DeviceNumber.Of(major, minor);
            }
        }

        return devices;
    }
}
