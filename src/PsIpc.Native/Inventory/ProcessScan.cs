using System;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Finds who holds what: one pass over /proc for all objects together, by device and inode and never by name, because a
/// name may be taken by another object meanwhile. See proc_pid_fd(5), proc_pid_maps(5), proc_pid_fdinfo(5).
/// </summary>
public sealed class ProcessScan
{
    /// <summary>Inode of the first PID namespace (PROC_PID_INIT_INO): only there /proc shows every process.</summary>
    private const ulong InitialPidNamespace = 0xEFFFFFFC;

    private const int InitProcess = 1;

    private readonly ProcessScanTargets _targets;
    private readonly ProcFile _reader = new();
    private readonly ProcFile _identityReader = new(); // read while the lines of the other are gone through
    private readonly List<OpenFile> _openFiles = [];
    private readonly List<SharedMapping> _mappings = [];
    private readonly List<LockedFile> _locks = [];
    private readonly Dictionary<int, ProcessIdentity> _processes = [];
    private readonly HashSet<int> _alive = [];
    private bool _sawInit;

    private ProcessScan(ProcessScanTargets targets) => _targets = targets;

    /// <summary>
    /// Whether every process could be looked into. False where another user's descriptors or mappings are hidden, and in a PID
    /// namespace, beyond which there may be processes that share the objects.
    /// </summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>What of the targets is open.</summary>
    public IReadOnlyList<OpenFile> OpenFiles => _openFiles;

    /// <summary>What of the targets is mapped.</summary>
    public IReadOnlyList<SharedMapping> Mappings => _mappings;

    /// <summary>The locks on the target's files.</summary>
    public IReadOnlyList<LockedFile> Locks => _locks;

    /// <summary>The processes that were asked for and could not be looked into, with the reason.</summary>
    public Dictionary<int, Errno> Failures { get; } = [];

    /// <summary>Looks at the processes.</summary>
    /// <param name="targets">For what.</param>
    public static ProcessScan Run(ProcessScanTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ProcessScan scan = new(targets);
        if (targets.Processes is { } processes)
        {
            foreach (int pid in processes)
            {
                scan.LookInto(pid);
            }

            return scan;
        }

        foreach (int pid in ProcessIds())
        {
            scan.LookInto(pid);
        }

        // A /proc that hides other users' processes (hidepid) hides the first one, too.
        scan.IsComplete &= scan._sawInit && FileStatus.TryGet("/proc/self/ns/pid")?.Inode == InitialPidNamespace;
        return scan;
    }

    /// <summary>Every process there is, and what the kernel calls it.</summary>
    public static IEnumerable<(int ProcessId, string Name)> Processes()
    {
        ProcFile reader = new();
        foreach (int pid in ProcessIds())
        {
            if (reader.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/comm")))
            {
                yield return (pid, NativeString.Decode(reader.Content).TrimEnd('\n'));
            }
        }
    }

    /// <summary>Every process there is.</summary>
    internal static IEnumerable<int> ProcessIds()
    {
        using SafeDescriptor proc = Directories.TryOpen("/proc") ?? throw IpcException.Last("open(/proc)");
        foreach (byte[] name in Directories.Names(proc))
        {
            if (name[0] is >= (byte)'1' and <= (byte)'9' && TryNumber(name, out int pid))
            {
                yield return pid;
            }
        }
    }

    /// <summary>Who a process of the results is; it may have ended since.</summary>
    /// <param name="pid">Its pid.</param>
    public ProcessIdentity Describe(int pid) => _processes.TryGetValue(pid, out ProcessIdentity known) ? known : Remember(pid);

    private void LookInto(int pid)
    {
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        bool isSeen = true;
        int found = 0;
        if (_targets.Descriptors)
        {
            isSeen &= LookAtDescriptors(pid, process, ref found);
        }

        if (_targets.Maps)
        {
            isSeen &= LookAtMaps(pid, process, ref found);
        }

        // A process whose first thread has ended shows nothing of its own, and hides even that from all but root; its other
        // threads do show it.
        if (isSeen && (found == 0 || _targets.IsThorough))
        {
            isSeen &= LookAtThreads(pid, process, isEmpty: found == 0);
        }
        else if (!isSeen && _reader.TryRead(process + "/stat") && ProcessState.IsDead(_reader.Content))
        {
            isSeen = LookAtThreads(pid, process, isEmpty: true);
        }

        IsComplete &= isSeen;
        _sawInit |= pid == InitProcess && isSeen;
    }

    private bool LookAtThreads(int pid, string process, bool isEmpty)
    {
        bool isSeen = true;
        foreach (byte[] name in ThreadsOf(process))
        {
            if (TryNumber(name, out int tid) && tid != pid)
            {
                string thread = string.Create(CultureInfo.InvariantCulture, $"{process}/task/{tid}");
                int found = 0;
                isSeen &= !_targets.Descriptors || LookAtDescriptors(pid, thread, ref found);
                if (isEmpty && _targets.Maps)
                {
                    isSeen &= LookAtMaps(pid, thread, ref found);
                }

                if (isEmpty && !_targets.IsThorough && found > 0)
                {
                    break; // the others share what this one has
                }
            }
        }

        return isSeen;
    }

    /// <summary>None of a process that has ended.</summary>
    private static List<byte[]> ThreadsOf(string process)
    {
        using SafeDescriptor? tasks = Directories.TryOpen(process + "/task");
        try
        {
            return tasks is null ? [] : Directories.Names(tasks);
        }
        catch (IpcException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return [];
        }
    }

    /// <summary>False when they may not be seen.</summary>
    private bool LookAtDescriptors(int pid, string process, ref int found)
    {
        using SafeDescriptor? directory = Directories.TryOpen(process + "/fd");
        if (directory is null)
        {
            return HasEnded(pid, Libc.LastErrno);
        }

        List<byte[]> descriptors;
        try
        {
            descriptors = Directories.Names(directory);
        }
        catch (IpcException e)
        {
            return HasEnded(pid, e.Errno);
        }

        found += descriptors.Count;
        bool isSeen = true;
        foreach (byte[] descriptor in descriptors)
        {
            if (FollowAt(directory, descriptor) is not { } file)
            {
                // Of a process with more capabilities than the own one, the numbers can be listed, but not followed.
                isSeen &= Libc.LastErrno is not (Errno.EACCES or Errno.EPERM);
            }
            else if (TryNumber(descriptor, out int number))
            {
                Consider(pid, process, directory, descriptor, number, file);
            }
        }

        return isSeen;
    }

    private void Consider(int pid, string process, SafeDescriptor directory, byte[] name, int number, in FileStatus file)
    {
        FileObjectType type = FileObject.TypeOf(file);
        bool isWanted = type switch
        {
            FileObjectType.Fifo => _targets.Pipes,
            FileObjectType.Socket => _targets.Sockets,
            _ => false,
        };
        if ((isWanted || _targets.OpenFiles.Contains(file.Identity)) && IsAlive(pid))
        {
            string? link = type == FileObjectType.Fifo ? LinkAt(directory, name) : null;
            _openFiles.Add(new OpenFile(pid, number, file.Device, file.Inode, type, AccessOf(directory, name), link)
            {
                Uid = file.Uid,
                Gid = file.Gid,
                Mode = file.Mode & 0x1FF,
                ModifyTime = file.ModifyTime,
            });
        }

        if (_targets.LockedInodes.Contains(file.Inode))
        {
            ReadLocks(pid, process, directory, name, number, file);
        }

        if (_targets.IsThorough && type == FileObjectType.Socket)
        {
            IsComplete &= !HasDescriptorsInFlight(process, number);
        }
    }

    private void ReadLocks(int pid, string process, SafeDescriptor directory, byte[] name, int number, in FileStatus file)
    {
        string? path = null;
        foreach (ReadOnlySpan<byte> line in _reader.Lines(string.Create(CultureInfo.InvariantCulture, $"{process}/fdinfo/{number}")))
        {
            // "lock:\t1: FLOCK  ADVISORY  WRITE 1234 08:02:131 0 EOF"
            if (line.StartsWith("lock:"u8))
            {
                string text = System.Text.Encoding.ASCII.GetString(line);
                int colon = text.IndexOf(':', "lock:".Length);
                if (colon > 0 && FileLockLine.TryParse(text.AsSpan(colon + 1)) is { } parsed && IsAlive(pid))
                {
                    path ??= LinkAt(directory, name) ?? "";
                    _locks.Add(new LockedFile(pid, number, file.Device, file.Inode, path, parsed));
                }
            }
        }
    }

    /// <summary>Descriptors on their way through a socket are held by no process (Linux 5.18 shows their number).</summary>
    private bool HasDescriptorsInFlight(string process, int number)
    {
        foreach (ReadOnlySpan<byte> line in _reader.Lines(string.Create(CultureInfo.InvariantCulture, $"{process}/fdinfo/{number}")))
        {
            if (line.StartsWith("scm_fds:"u8))
            {
                return line["scm_fds:".Length..].ContainsAnyInRange((byte)'1', (byte)'9');
            }
        }

        return false;
    }

    /// <summary>False when they may not be seen.</summary>
    private bool LookAtMaps(int pid, string process, ref int found)
    {
        if (!_reader.TryRead(process + "/maps"))
        {
            return HasEnded(pid, Libc.LastErrno);
        }

        foreach (ReadOnlySpan<byte> line in _reader.Lines())
        {
            found++;
            if (ProcMapsLine.TryParse(line, out ProcMapsLine map) && IsWanted(map, line) && IsAlive(pid))
            {
                _mappings.Add(new SharedMapping(
                    pid, map.Start, map.End, map.Access, map.Offset, map.Device, map.Inode, map.PathOf(line)));
            }
        }

        return true;
    }

    private bool IsWanted(in ProcMapsLine map, ReadOnlySpan<byte> line)
    {
        if (_targets.MappedFiles.Count > 0 && _targets.MappedFiles.Contains((map.Device, map.Inode)))
        {
            return true; // privately, too: whoever reads it needs it
        }

        if (!map.IsShared)
        {
            return false;
        }

        bool isSegment = SysVSegmentName.Is(line[map.PathStart..], map.Device);
        return (isSegment && _targets.Segments) || (!isSegment && map.Inode != 0 && _targets.Mappings);
    }

    /// <summary>A process that has ended holds nothing; one that is hidden may.</summary>
    private bool HasEnded(int pid, Errno errno)
    {
        if (_targets.Processes is not null)
        {
            Failures[pid] = errno;
        }

        return errno is Errno.ENOENT or Errno.ESRCH;
    }

    /// <summary>A process that has ended since it was looked into holds nothing; that of one that lives is remembered while it does.</summary>
    private bool IsAlive(int pid)
    {
        _ = Describe(pid);
        return _alive.Contains(pid);
    }

    private ProcessIdentity Remember(int pid)
    {
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        string name = "";
        if (_identityReader.TryRead(process + "/comm"))
        {
            name = NativeString.Decode(_identityReader.Content).TrimEnd('\n'); // which a process may make empty (prctl)
            _alive.Add(pid);
        }

        long? startTicks = _identityReader.TryRead(process + "/stat") ? ProcessState.StartTicksOf(_identityReader.Content) : null;
        uint? uid = FileStatus.TryGet(process)?.Uid;
        foreach (ReadOnlySpan<byte> line in _identityReader.Lines(process + "/status"))
        {
            // "Uid:\treal\teffective\t…"; the directory of a process that does not dump core belongs to root.
            if (line.StartsWith("Uid:\t"u8))
            {
                ReadOnlySpan<byte> effective = line["Uid:\t".Length..];
                effective = effective[(effective.IndexOf((byte)'\t') + 1)..];
                uid = System.Buffers.Text.Utf8Parser.TryParse(effective, out uint parsed, out _) ? parsed : uid;
                break;
            }
        }

        return _processes[pid] = new ProcessIdentity(pid, name, uid, HostIdentity.TryGetIpcNamespaceOf(pid) ?? 0, startTicks);
    }

    private static bool TryNumber(byte[] name, out int number) =>
        int.TryParse(name.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static unsafe FileStatus? FollowAt(SafeDescriptor directory, byte[] name)
    {
        fixed (byte* bytes = name)
        {
            return FileStatus.TryGetAt(directory, bytes, follow: true);
        }
    }

    /// <summary>The permission bits of the link itself say what the descriptor is open for.</summary>
    private static unsafe HeldFor AccessOf(SafeDescriptor directory, byte[] name)
    {
        const int ownerReads = 0x100;
        const int ownerWrites = 0x80;
        fixed (byte* bytes = name)
        {
            int mode = FileStatus.TryGetAt(directory, bytes, follow: false)?.Mode ?? 0;
            return ((mode & ownerReads) != 0 ? HeldFor.Reading : 0) | ((mode & ownerWrites) != 0 ? HeldFor.Writing : 0);
        }
    }

    private static unsafe string? LinkAt(SafeDescriptor directory, byte[] name)
    {
        const int size = 4096 + 64; // PATH_MAX, " (deleted)" and whatever else is added
        byte* link = stackalloc byte[size];
        fixed (byte* bytes = name)
        {
            nint length = Libc.readlinkat(directory, bytes, link, size);
            return length < 0 ? null : NativeString.Decode(new ReadOnlySpan<byte>(link, (int)length));
        }
    }
}
