using System;
using System.Collections.Generic;

namespace PsIpc.Native.Inventory;

/// <summary>Puts locks on files, those who wait for them, and those who wait for their children's end, into a graph of waits.</summary>
public static class LockWaits
{
    /// <summary>
    /// Adds the requests that wait. A request needs every lock gone that is incompatible with it, not only the one that the kernel has queued it
    /// at. A flock, and an open file description's lock, belong to whoever has that opening: each may unlock it for all of them, and
    /// it is gone when all have closed it. A record lock belongs to its process. Leases are no locks that deadlock: the kernel ends
    /// waits for them (/proc/sys/fs/lease-break-time).
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="table">The locks, with their holders.</param>
    /// <param name="isComplete">Whether every process could be looked into for them.</param>
    /// <returns>Each request with each of the locks that it waits for; the subject of such a resource is the lock.</returns>
    public static IReadOnlyList<(FileLockStatus Request, WaitResource Lock)> Add(WaitGraph graph, FileLockTable table, bool isComplete)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(table);
        List<(FileLockStatus, WaitResource)> waits = [];
        Dictionary<FileLockStatus, WaitResource> resources = [];
        Dictionary<(ulong, ulong), List<FileLockStatus>> held = [];
        foreach (FileLockStatus one in table.Locks)
        {
            if (one.Blocker is null && one.IsOrdinary)
            {
                if (!held.TryGetValue((one.Line.Device, one.Line.Inode), out List<FileLockStatus>? locks))
                {
                    held[(one.Line.Device, one.Line.Inode)] = locks = [];
                }

                locks.Add(one);
            }
        }

        foreach (FileLockStatus request in table.Locks)
        {
            if (request is not { Blocker: { } blocker, IsOrdinary: true, ProcessId: { } waiter })
            {
                continue;
            }

            FileLockStatus root = blocker;
            while (root.Blocker is { } further)
            {
                root = further;
            }

            foreach (FileLockStatus one in held.GetValueOrDefault((request.Line.Device, request.Line.Inode)) ?? [])
            {
                if (one == root || request.ConflictsWith(one))
                {
                    if (!resources.TryGetValue(one, out WaitResource? resource))
                    {
                        resources[one] = resource = graph.Add(one, one.Line.Kind == "POSIX" || (isComplete && one.Holders.Count > 0));
                        AddHolders(resource, one);
                    }

                    graph.AddWait(waiter, resource);
                    waits.Add((request, resource));
                }
            }
        }

        return waits;
    }

    /// <summary>
    /// Adds for those of the graph who hold something that they wait for the end of a child: what they have inherited to it, it must give back
    /// first. Of several children each may be the one that ends.
    /// </summary>
    /// <param name="graph">The graph, complete otherwise.</param>
    /// <param name="calls">In which calls the processes sleep.</param>
    public static void AddChildWaits(WaitGraph graph, BlockedCalls calls)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(calls);
        Dictionary<int, BlockedCall> parents = [];
        foreach (BlockedCall call in calls.All)
        {
            if (call.Call == BlockedIn.ChildEnd)
            {
                parents.TryAdd(call.ProcessId, call);
            }
        }

        SortedSet<int> processes = [];
        foreach (WaitResource resource in graph.Resources)
        {
            processes.UnionWith(resource.Holders);
        }

        Queue<int> next = new(processes);
        while (next.TryDequeue(out int process))
        {
            if (!parents.Remove(process, out BlockedCall? call))
            {
                continue;
            }

            WaitResource end = graph.Add(call, isComplete: true);
            foreach (int child in call.Child is { } one ? [one] : calls.ChildrenOf(process))
            {
                WaitGraph.AddHolder(end, child);
                if (processes.Add(child))
                {
                    next.Enqueue(child);
                }
            }

            graph.AddWait(process, end);
        }
    }

    private static void AddHolders(WaitResource resource, FileLockStatus one)
    {
        foreach (LockedFile holder in one.Line.Kind == "POSIX" ? [] : one.Holders)
        {
            WaitGraph.AddHolder(resource, holder.ProcessId);
        }

        if (resource.Holders.Count == 0 && one.ProcessId is { } taker)
        {
            WaitGraph.AddHolder(resource, taker);
        }
    }
}
