using System.Collections.Generic;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;

namespace PsIpc.Runtime;

/// <summary>What all objects of one listing share: where they were seen, and the names of their owners.</summary>
internal sealed class InventoryContext
{
    internal Accounts Accounts { get; } = new();

    internal string BootId { get; } = HostIdentity.BootId;

    internal long IpcNamespace { get; } = HostIdentity.IpcNamespace;

    /// <summary>Where POSIX shared memory and semaphores are.</summary>
    internal string SharedMemoryDirectory { get; init; } = PosixSharedMemoryDirectory.MountPoint;

    /// <summary>Bytes in memory and in swap of the System V segments: one table for all, read when it is first asked for.</summary>
    internal Dictionary<int, (long Resident, long Swapped)> SegmentUse => field ??= SysVSharedMemoryTable.ReadUse();
}
