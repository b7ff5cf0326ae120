using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>Locks on files.</summary>
internal sealed class FileLockOperations : KindOperations
{
    internal override IpcKind Kind => IpcKind.FileLock;

    internal override string DisplayName => "file lock";

    internal override bool IsListedUnasked => false;

    internal override bool HasOwner => false;

    internal override bool KnowsHolders => true;

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            new("Waiting", one => ((FileLock)one).Waiting),
            new("Blocker", one => ((FileLock)one).Blocker),
            new("Waiters", one => string.Join(' ', ((FileLock)one).Waiters)),
        ];

    internal override string? RefusalToRemove(IpcObject subject) => "FileLockNotRemovable";

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        FileLockTable table = context.ReadLocks();
        foreach (FileLockStatus status in table.Locks)
        {
            yield return Describe(context, context.Scan, status);
        }
    }

    internal override IpcObject? FindByName(InventoryContext context, string name) => Enumerate(context).FirstOrDefault(one => one.Name == name);

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => Enumerate(context).FirstOrDefault(one => IsSame(record, one));

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first is FileLock one && second is FileLock other
        && one.Device == other.Device && one.Inode == other.Inode && one.LockKind == other.LockKind && one.Access == other.Access
        && one.Start == other.Start && one.End == other.End && one.ProcessId == other.ProcessId && one.Waiting == other.Waiting;

    internal static FileLock Describe(InventoryContext context, ProcessScan scan, FileLockStatus status)
    {
        FileLockLine line = status.Line;
        ProcessIdentity? owner = status.ProcessId is { } pid ? scan.Describe(pid) : null;
        return Seen(
            new FileLock
            {
                Name = status.Path ?? string.Create(CultureInfo.InvariantCulture, $"{line.Device >> 32:x2}:{line.Device & uint.MaxValue:x2}:{line.Inode}"),
                Path = status.Path,
                Owner = owner is { Name.Length: > 0 } ? context.Accounts.UserName(owner.Value.Uid) : "",
                OwnerUid = owner?.Uid ?? 0,
                Device = line.Device,
                Inode = line.Inode,
                LockKind = line.Kind switch
                {
                    "POSIX" => "Record",
                    "OFDLCK" => "OpenFileDescription",
                    "FLOCK" => "Flock",
                    _ => "Lease",
                },
                Access = line.Access == "READ" ? "Read" : line.Access == "WRITE" ? "Write" : "None",
                Start = line.Start,
                End = line.End == long.MaxValue ? null : line.End,
                ProcessId = status.ProcessId,
                ProcessName = owner?.Name ?? "",
                Waiting = status.Blocker is not null,
                Blocker = status.Blocker?.ProcessId,
                Waiters = [.. status.Waiters.Select(waiter => waiter.ProcessId).OfType<int>()],
                Holders = [.. status.Holders.Select(holder => HolderSearch.Describe(scan, context.Accounts, holder.ProcessId, holder.Descriptor))],
                Attribution = HolderSearch.AttributionOf(scan),
                OrphanState = OrphanStates.No, // it goes with whoever holds it
            },
            context);
    }
}
