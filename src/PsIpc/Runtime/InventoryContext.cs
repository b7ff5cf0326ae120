using System.Collections.Generic;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;

namespace PsIpc.Runtime;

/// <summary>
/// What all objects of one listing share: where they were seen, the names of their owners, and the one pass over /proc in which
/// everything is looked for.
/// </summary>
internal sealed class InventoryContext
{
    private ProcessScanTargets? _targets;
    private uint _prepared; // a bit for each kind
    private FileLockTable? _locks;
    private ProcessScan? _scan;
    private SocketTable? _socketTable;

    internal Accounts Accounts { get; init; } = new();

    internal string BootId => field ??= HostIdentity.BootId;

    internal long IpcNamespace { get; } = HostIdentity.IpcNamespace;

    internal ulong? IpcNamespaceId { get; } = HostIdentity.IpcNamespaceId;

    /// <summary>Where POSIX shared memory and semaphores are.</summary>
    internal string SharedMemoryDirectory { get; init; } = PosixSharedMemoryDirectory.MountPoint;

    /// <summary>Bytes in memory and in swap of the System V segments: one table for all, read when it is first asked for.</summary>
    internal Dictionary<int, (long Resident, long Swapped)> SegmentUse => field ??= SysVSharedMemoryTable.ReadUse();

    /// <summary>Whether processes are alive, each asked once.</summary>
    internal ProcessState Processes => field ??= new ProcessState();

    /// <summary>The Unix sockets of the network namespace, read when they are first asked for.</summary>
    internal IReadOnlyList<UnixSocketStatus> Sockets => field ??= UnixSocketTable.Read();

    /// <summary>The same, by what they are looked for, with who has them open.</summary>
    internal SocketTable SocketTable => _socketTable ??= new SocketTable(Sockets, Scan);

    /// <summary>In which calls the processes sleep, looked at when it is first asked for.</summary>
    internal BlockedCalls Calls => field ??= BlockedCalls.Read();

    /// <summary>What the pass is to look for; what comes after it was made takes another.</summary>
    internal ProcessScanTargets Targets
    {
        get
        {
            (_scan, _socketTable) = (null, null);
            return _targets ??= new ProcessScanTargets();
        }
    }

    /// <summary>The pass over /proc, made when it is first asked for.</summary>
    internal ProcessScan Scan
    {
        get
        {
            if (_scan is null)
            {
                _scan = ProcessScan.Run(_targets ??= new ProcessScanTargets());
                _locks?.FindHolders(_scan);
                if (_locks?.HasNamelessWaiters == true)
                {
                    _locks.FindWaiters(Calls);
                }
            }

            return _scan;
        }
    }

    /// <summary>Has the pass look for what a kind is listed by; the kinds of a listing all together, before the first is listed.</summary>
    internal void Prepare(IpcKind kind)
    {
        uint bit = 1u << (int)kind;
        if ((_prepared & bit) != 0)
        {
            return;
        }

        switch (kind)
        {
            case IpcKind.Fifo or IpcKind.Pipe:
                Targets.Pipes = true;
                break;
            case IpcKind.UnixSocket:
                Targets.Sockets = true;
                break;
            case IpcKind.FileMapping:
                Targets.Mappings = true;
                break;
            case IpcKind.FileLock:
                _locks = FileLockTable.Read(Targets);
                break;
            default:
                break;
        }

        _prepared |= bit;
    }

    /// <summary>The locks on files, with their holders.</summary>
    internal FileLockTable ReadLocks()
    {
        Prepare(IpcKind.FileLock);
        _ = Scan;
        return _locks!;
    }
}
