using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>Locks on files.</summary>
internal sealed class FileLockOperations : KindOperations
{
    internal override bool IsNamedByPath => true;

    internal override IpcKind Kind => IpcKind.FileLock;

    internal override string DisplayName => "file lock";

    internal override bool IsListedUnasked => false;

    internal override bool HasOwner(IpcObject subject) => false;

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

    /// <summary>A file may have many.</summary>
    private protected override IReadOnlyList<IpcObject> FindAllByName(InventoryContext context, string name) =>
        [.. Enumerate(context).Where(one => one.Name == name)];

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => Enumerate(context).FirstOrDefault(one => IsSame(record, one));

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first is FileLock one && second is FileLock other
        && one.Device == other.Device && one.Inode == other.Inode && one.LockKind == other.LockKind && one.Access == other.Access
        && one.Start == other.Start && one.End == other.End && one.ProcessId == other.ProcessId && one.Waiting == other.Waiting;

    internal static FileLock Describe(InventoryContext context, ProcessScan scan, FileLockStatus status)
    {
        FileLockLine line = status.Line;
        ProcessIdentity? owner = LivingOwner(scan, status) is { } pid ? scan.Describe(pid) : null;
        return Seen(
            new FileLock
            {
                Name = status.Path ?? string.Create(CultureInfo.InvariantCulture, $"{DeviceNumber.Major(line.Device):x2}:{DeviceNumber.Minor(line.Device):x2}:{line.Inode}"),
                Path = status.Path,
                Owner = owner?.Uid is { } uid ? context.Accounts.UserName(uid) : "",
                OwnerUid = owner?.Uid,
                Device = line.Device,
                Inode = line.Inode,
                LockKind = KindOf(line),
                Access = AccessOf(line),
                Start = line.Start,
                End = line.End == long.MaxValue ? null : line.End,
                ProcessId = status.ProcessId,
                ProcessName = status.ProcessId is { } taker ? scan.Describe(taker).Name : "",
                Waiting = status.Blocker is not null,
                Blocker = status.BlockingLock is { } blocker ? LivingOwner(scan, blocker) : null,
                Waiters = [.. status.AllWaiters.Select(waiter => waiter.ProcessId).OfType<int>()],
                Holders = [.. status.Holders.Select(holder => HolderSearch.Describe(scan, context.Accounts, holder.ProcessId, holder.Descriptor))],
                Attribution = HolderSearch.AttributionOf(scan),
                OrphanState = OrphanStates.No, // it goes with whoever holds it
            },
            context);
    }

    /// <summary>
    /// Who took it; where he has ended, one of those who have the file open by the same opening, which keeps the lock: exec 9&gt;FILE; flock 9, as shell
    /// scripts have it, is taken by flock(1), and kept by the shell.
    /// </summary>
    private static int? LivingOwner(ProcessScan scan, FileLockStatus status) =>
        status.ProcessId is { } taker && scan.Describe(taker).Uid is null && status.Holders.Count > 0 ? status.Holders[0].ProcessId : status.ProcessId;

    internal override WaitCondition[] Conditions => [WaitCondition.Gone];

    internal override WaitCondition DefaultCondition => WaitCondition.Gone;

    /// <summary>Without a look who has the file open: of an open file description's lock that is no matter of the table.</summary>
    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request)
    {
        FileLock wanted = (FileLock)subject;
        return new TableReadiness<FileLockStatus>(request.Tables.Locks, one =>
            one.Line.Device == wanted.Device && one.Line.Inode == wanted.Inode && KindOf(one.Line) == wanted.LockKind && AccessOf(one.Line) == wanted.Access
            && one.Line.Start == wanted.Start && one.Line.End == (wanted.End ?? long.MaxValue) && one.Blocker is not null == wanted.Waiting
            && (one.Line.ProcessId <= 0 || wanted.ProcessId is null || one.Line.ProcessId == wanted.ProcessId));
    }

    private static string KindOf(in FileLockLine line) => line.Kind switch
    {
        "POSIX" => "Record",
        "OFDLCK" => "OpenFileDescription",
        "FLOCK" => "Flock",
        _ => "Lease",
    };

    private static string AccessOf(in FileLockLine line) => line.Access == "READ" ? "Read" : line.Access == "WRITE" ? "Write" : "None";
}
