using System.Collections.Generic;

namespace PsIpc.Native.Inventory;

/// <summary>What a pass over /proc is to look for. Less is quicker: what nobody asks for is not read.</summary>
public sealed class ProcessScanTargets
{
    /// <summary>Files, by device and inode: who has them open.</summary>
    public HashSet<(ulong Device, ulong Inode)> OpenFiles { get; } = [];

    /// <summary>Files, by device and inode: who has them mapped.</summary>
    public HashSet<(ulong Device, ulong Inode)> MappedFiles { get; } = [];

    /// <summary>Every FIFO and pipe that is open, and its name.</summary>
    public bool Pipes { get; set; }

    /// <summary>Every socket that is open.</summary>
    public bool Sockets { get; set; }

    /// <summary>Every System V segment that is attached.</summary>
    public bool Segments { get; set; }

    /// <summary>Every shared mapping.</summary>
    public bool Mappings { get; set; }

    /// <summary>Inodes of files with locks: who has them open, and which locks he holds by which descriptor.</summary>
    public HashSet<ulong> LockedInodes { get; } = [];

    /// <summary>Look into these processes alone; null for all.</summary>
    public IReadOnlyCollection<int>? Processes { get; set; }

    /// <summary>
    /// Look into every thread, which may have descriptors of its own (unshare(2), CLONE_FILES), and for sockets with
    /// descriptors in flight, which belong to nobody (SCM_RIGHTS). For those who must be certain; several times as slow.
    /// </summary>
    public bool IsThorough { get; set; }

    internal bool Descriptors => OpenFiles.Count > 0 || LockedInodes.Count > 0 || Pipes || Sockets || IsThorough;

    internal bool Maps => MappedFiles.Count > 0 || Segments || Mappings;
}
