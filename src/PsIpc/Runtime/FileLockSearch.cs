using System.Collections.Generic;
using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Locks;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime;

/// <summary>Looks in the table of all locks for those that matter.</summary>
internal static class FileLockSearch
{
    /// <summary>Who has the locks that keep one from being taken, in words; "another process" where that cannot be seen.</summary>
    internal static string WhoBlocks(FileLockHold hold, bool shared)
    {
        string[] holders;
        try
        {
            holders =
            [
                .. All().Where(one => !one.Waiting && Blocks(one, hold, shared) && one.ProcessId is not null)
                    .Select(one => $"process {one.ProcessId}{(one.ProcessName.Length > 0 ? $" ({one.ProcessName})" : "")}").Distinct(),
            ];
        }
        catch (IpcException)
        {
            holders = []; // without /proc
        }

        return holders.Length > 0 ? string.Join(", ", holders) : "another process";
    }

    /// <summary>Every lock, and every request that waits for one.</summary>
    /// <exception cref="IpcException">They cannot be listed.</exception>
    internal static IEnumerable<FileLock> All() => AllKinds.Of(IpcKind.FileLock).Enumerate(new InventoryContext()).Cast<FileLock>();

    /// <summary>
    /// The requests that wait for one another in a circle. A process that waits for itself may have another thread that ends the wait, and is none.
    /// </summary>
    internal static IEnumerable<FileLock> Deadlocked(IReadOnlyList<FileLock> locks)
    {
        ILookup<int, int> waitsFor = locks.Where(one => one is { Waiting: true, ProcessId: not null, Blocker: not null } && one.ProcessId != one.Blocker)
            .ToLookup(one => one.ProcessId!.Value, one => one.Blocker!.Value);
        return locks.Where(one => one is { Waiting: true, ProcessId: { } waiter, Blocker: { } blocker } && waiter != blocker && Reaches(waitsFor, blocker, waiter));
    }

    private static bool Reaches(ILookup<int, int> waitsFor, int from, int to)
    {
        HashSet<int> seen = [];
        Stack<int> next = new([from]);
        while (next.TryPop(out int process))
        {
            if (process == to)
            {
                return true;
            }

            if (seen.Add(process))
            {
                foreach (int blocker in waitsFor[process])
                {
                    next.Push(blocker);
                }
            }
        }

        return false;
    }

    private static bool Blocks(FileLock other, FileLockHold hold, bool shared) =>
        other.Device == hold.Identity.Device && other.Inode == hold.Identity.Inode
        && (other.LockKind == nameof(FileLockKind.Flock)) == (hold.Kind == FileLockKind.Flock)
        && (!shared || other.Access == "Write")
        && hold.Range.Overlaps(new FileRange(other.Start, other.End is { } end ? end - other.Start + 1 : 0));
}
