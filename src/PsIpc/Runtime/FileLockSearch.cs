using System.Collections.Generic;
using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Inventory;
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
            (ulong, ulong) file = hold.TableIdentity;
            holders =
            [
                .. All(new InventoryContext()).Where(one => !one.Waiting && (one.Device, one.Inode) == file && Blocks(one, hold, shared) && one.ProcessId is not null)
                    .SelectMany(hold.KeptOutBy)
                    .Select(taker => $"process {taker.ProcessId}{(taker.Name.Length > 0 ? $" ({taker.Name})" : "")}").Distinct(),
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
    internal static IEnumerable<FileLock> All(InventoryContext context) => AllKinds.Of(IpcKind.FileLock).Enumerate(context).Cast<FileLock>();

    /// <summary>
    /// The requests that wait for one another in a circle, as far as the kernel records all that it is made of; see <see cref="WaitGraph"/>.
    /// </summary>
    /// <param name="context">Of the listing.</param>
    /// <param name="locks">All of the listing.</param>
    internal static List<FileLock> Deadlocked(InventoryContext context, IReadOnlyList<FileLock> locks)
    {
        HashSet<FileLockStatus> stuck = Stuck(context);
        if (stuck.Count > 0)
        {
            // What was read one after the other may never have been so at one moment; a deadlock stays.
            HashSet<(int?, FileLockLine)> still = [];
            foreach (FileLockStatus one in Stuck(new InventoryContext()))
            {
                still.Add((one.ProcessId, one.Line));
            }

            stuck.RemoveWhere(one => !still.Contains((one.ProcessId, one.Line)));
        }

        List<FileLock> found = [];
        for (int i = 0; i < locks.Count; i++)
        {
            if (stuck.Contains(context.ReadLocks().Locks[i])) // the records are of the same table, in its order
            {
                found.Add(locks[i]);
            }
        }

        return found;
    }

    private static HashSet<FileLockStatus> Stuck(InventoryContext context)
    {
        FileLockTable table = context.ReadLocks();
        WaitGraph graph = new(context.Calls.ThreadsOf);
        IReadOnlyList<(FileLockStatus Request, WaitResource Lock)> waits = LockWaits.Add(graph, table, context.Scan.IsComplete);
        LockWaits.AddChildWaits(graph, context.Calls);
        HashSet<FileLockStatus> stuck = [];
        foreach (WaitCircle circle in graph.FindCircles())
        {
            foreach ((FileLockStatus request, WaitResource wanted) in waits)
            {
                if (circle.IsLikely && circle.Waits.Contains((request.ProcessId!.Value, wanted)))
                {
                    stuck.Add(request);
                }
            }
        }

        return stuck;
    }

    private static bool Blocks(FileLock other, FileLockHold hold, bool shared) =>
        (other.LockKind == nameof(FileLockKind.Flock)) == (hold.Kind == FileLockKind.Flock)
        && (!shared || other.Access == "Write")
        && hold.Range.Overlaps(new FileRange(other.Start, other.End is { } end ? end - other.Start + 1 : 0));
}
