using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Finds who has which object open: one pass over /proc/[pid]/fd for all objects together, by device and inode and
/// never by name, because a name may be taken by another object meanwhile. See proc_pid_fd(5).
/// </summary>
public sealed class OpenFileScan
{
    /// <summary>Inode of the first PID namespace (PROC_PID_INIT_INO): only there /proc shows every process.</summary>
    private const ulong InitialPidNamespace = 0xEFFFFFFC;

    private readonly Dictionary<(ulong Device, ulong Inode), List<Holder>> _holders = [];

    private OpenFileScan()
    {
    }

    /// <summary>
    /// Whether every process could be looked into. False where another user's descriptors are hidden, and in a PID
    /// namespace, beyond which there may be processes that share the objects.
    /// </summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Looks at every process for the given objects.</summary>
    /// <param name="objects">Device and inode of each.</param>
    public static OpenFileScan Run(IEnumerable<(ulong Device, ulong Inode)> objects)
    {
        OpenFileScan scan = new();
        foreach ((ulong, ulong) wanted in objects)
        {
            scan._holders.TryAdd(wanted, []);
        }

        scan.IsComplete = FileStatus.TryGet("/proc/self/ns/pid")?.Inode == InitialPidNamespace;
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                scan.LookInto(pid);
            }
        }

        return scan;
    }

    /// <summary>Who has an object open; empty when nobody is seen to.</summary>
    /// <param name="device">The object's device.</param>
    /// <param name="inode">The object's inode.</param>
    public IReadOnlyList<Holder> HoldersOf(ulong device, ulong inode) =>
        _holders.TryGetValue((device, inode), out List<Holder>? holders) ? holders : [];

    private void LookInto(int pid)
    {
        using SafeDescriptor? directory = Directories.TryOpen($"/proc/{pid}/fd");
        if (directory is null)
        {
            // A process that has ended holds nothing; one that is hidden may.
            IsComplete &= Libc.LastErrno is Errno.ENOENT or Errno.ESRCH;
            return;
        }

        List<byte[]> descriptors;
        try
        {
            descriptors = Directories.Names(directory);
        }
        catch (IpcException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return;
        }
        catch (IpcException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            IsComplete = false;
            return;
        }

        foreach (byte[] descriptor in descriptors)
        {
            if (TryFollow(directory, descriptor) is { } file
                && _holders.TryGetValue((file.Device, file.Inode), out List<Holder>? holders)
                && int.TryParse(descriptor.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && Describe(pid, number) is { } holder)
            {
                holders.Add(holder);
            }
        }
    }

    private static unsafe FileStatus? TryFollow(SafeDescriptor directory, byte[] name)
    {
        fixed (byte* bytes = name)
        {
            return FileStatus.TryGetAt(directory, bytes, follow: true);
        }
    }

    private static Holder? Describe(int pid, int descriptor)
    {
        try
        {
            string name = File.ReadAllText($"/proc/{pid}/comm").TrimEnd('\n');
            return FileStatus.TryGet($"/proc/{pid}") is { } process ? new Holder(pid, name, process.Uid, descriptor) : null;
        }
        catch (IOException)
        {
            return null; // it ended meanwhile
        }
    }
}
