namespace PsIpc.Native.Inventory;

/// <summary>How a process holds an object.</summary>
[System.Flags]
public enum HeldFor
{
    /// <summary>Neither: opened for its attributes alone.</summary>
    Nothing = 0,

    /// <summary>Reading.</summary>
    Reading = 1,

    /// <summary>Writing.</summary>
    Writing = 2,
}

/// <summary>A file, FIFO, pipe, socket or queue that a process has open.</summary>
/// <param name="ProcessId">Its pid, as the caller's /proc shows it.</param>
/// <param name="Descriptor">The descriptor.</param>
/// <param name="Device">Device of what it has open.</param>
/// <param name="Inode">Inode of what it has open.</param>
/// <param name="Type">What that is.</param>
/// <param name="Access">What it is open for.</param>
/// <param name="Link">What /proc calls it, of FIFOs and pipes; null of others.</param>
public readonly record struct OpenFile(
    int ProcessId, int Descriptor, ulong Device, ulong Inode, FileObjectType Type, HeldFor Access, string? Link)
{
    /// <summary>Owner of what it has open.</summary>
    public uint Uid { get; init; }

    /// <summary>Owning group of what it has open.</summary>
    public uint Gid { get; init; }

    /// <summary>The nine permission bits of what it has open.</summary>
    public int Mode { get; init; }

    /// <summary>When what it has open was last written to.</summary>
    public System.DateTimeOffset ModifyTime { get; init; }

    /// <summary>Whether it is a pipe without a name.</summary>
    public bool IsPipe => Link?.StartsWith("pipe:[", System.StringComparison.Ordinal) ?? false;
}

/// <summary>A part of a process's memory that is a file or a segment, shared with whoever else maps it.</summary>
/// <param name="ProcessId">Its pid, as the caller's /proc shows it.</param>
/// <param name="Start">First address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="Access">What it is mapped for.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Device">Device of the file.</param>
/// <param name="Inode">Inode of the file; of a System V segment its identifier.</param>
/// <param name="Path">What /proc calls the file.</param>
public readonly record struct SharedMapping(
    int ProcessId, ulong Start, ulong End, HeldFor Access, ulong Offset, ulong Device, ulong Inode, string Path)
{
    /// <summary>Bytes.</summary>
    public long Length => (long)(End - Start);
}

/// <summary>A lock on a file that a process has open, by one of its descriptors.</summary>
/// <param name="ProcessId">Its pid, as the caller's /proc shows it.</param>
/// <param name="Descriptor">The descriptor.</param>
/// <param name="Device">The file's device.</param>
/// <param name="Inode">The file's inode.</param>
/// <param name="Path">What /proc calls the file.</param>
/// <param name="Line">The lock.</param>
public readonly record struct LockedFile(int ProcessId, int Descriptor, ulong Device, ulong Inode, string Path, FileLockLine Line);

/// <summary>Who a process is.</summary>
/// <param name="ProcessId">Its pid, as the caller's /proc shows it.</param>
/// <param name="Name">What the kernel calls it (comm): 15 bytes at most.</param>
/// <param name="Uid">The user whose rights it has; null of one that has ended, or is hidden.</param>
/// <param name="IpcNamespace">The IPC namespace that it is in; 0 where that may not be seen.</param>
/// <param name="StartTicks">When it was started, in clock ticks after the start of the system; null when it had been reaped.</param>
public readonly record struct ProcessIdentity(int ProcessId, string Name, uint? Uid, long IpcNamespace, long? StartTicks);
