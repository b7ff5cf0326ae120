using System;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Graph;

/// <summary>Takes of a graph what is wanted, and brings it into an order that is the same for the same state.</summary>
internal static class GraphFilter
{
    internal static IpcGraph Select(GraphBuilder builder, IReadOnlyList<IpcDeadlock> deadlocks, GraphScope scope)
    {
        Dictionary<IpcGraphNode, SortedSet<int>> users = [];
        HashSet<IpcGraphNode> waitedFor = [];
        HashSet<IpcGraphNode> written = [];
        foreach (IpcGraphEdge edge in builder.Edges)
        {
            (IpcGraphNode process, IpcGraphNode other) = edge.Source.IsProcess ? (edge.Source, edge.Target) : (edge.Target, edge.Source);
            if (!other.IsProcess)
            {
                if (!users.TryGetValue(other, out SortedSet<int>? pids))
                {
                    users[other] = pids = [];
                }

                pids.Add(process.ProcessId!.Value);
                _ = edge.IsWait && waitedFor.Add(other);
                _ = edge.Relation is not "Reads" && written.Add(other);
            }
        }

        HashSet<IpcGraphNode> shown = [];
        foreach (IpcGraphNode node in builder.Objects)
        {
            bool isUsual = scope.All || scope.IsWanted is not null || waitedFor.Contains(node)
                || (users.TryGetValue(node, out SortedSet<int>? pids) && pids.Count > 1
                    && (node.Kind != nameof(IpcKind.FileMapping) || written.Contains(node)));
            if (scope.Deadlock ? node.Deadlocked : isUsual)
            {
                if ((scope.IsWanted?.Invoke(node) ?? true)
                    && (scope.Processes is null || (users.TryGetValue(node, out pids) && pids.Overlaps(scope.Processes))))
                {
                    shown.Add(node);
                }
            }
        }

        List<IpcGraphEdge> edges = [];
        foreach (IpcGraphEdge edge in builder.Edges)
        {
            bool isShown = edge.Source.IsProcess && edge.Target.IsProcess
                ? scope.IsWanted is null && (scope.Processes is null || scope.Processes.Contains(edge.Source.ProcessId!.Value) || scope.Processes.Contains(edge.Target.ProcessId!.Value))
                : shown.Contains(edge.Source.IsProcess ? edge.Target : edge.Source);
            if (isShown && (!scope.Deadlock || edge.Deadlocked))
            {
                edges.Add(edge);
            }
        }

        foreach (IpcGraphEdge edge in edges)
        {
            shown.Add(edge.Source);
            shown.Add(edge.Target);
        }

        foreach (IpcGraphNode process in builder.Processes)
        {
            if (!scope.Deadlock && scope.Processes?.Contains(process.ProcessId!.Value) == true)
            {
                shown.Add(process);
            }
        }

        return Order(builder.Context, shown, edges, deadlocks);
    }

    private static IpcGraph Order(InventoryContext context, HashSet<IpcGraphNode> shown, List<IpcGraphEdge> edges, IReadOnlyList<IpcDeadlock> deadlocks)
    {
        IpcGraphNode[] nodes = [.. shown];
        Array.Sort(nodes, Compare);
        Dictionary<IpcGraphNode, int> places = [];
        int objects = 0;
        foreach (IpcGraphNode node in nodes)
        {
            places[node] = places.Count;
            if (!node.IsProcess)
            {
                node.Id = string.Create(CultureInfo.InvariantCulture, $"o{++objects}");
            }
        }

        edges.Sort((one, other) => (places[one.Source], places[one.Target]).CompareTo((places[other.Source], places[other.Target])) is not 0 and var order
            ? order : string.CompareOrdinal(one.Relation, other.Relation));
        foreach (IpcGraphEdge edge in edges)
        {
            (edge.From, edge.To) = (edge.Source.Id, edge.Target.Id);
        }

        HashSet<int> processes = [];
        foreach (IpcGraphNode node in nodes)
        {
            _ = node.ProcessId is { } pid && processes.Add(pid);
        }

        List<IpcDeadlock> visible = [];
        foreach (IpcDeadlock one in deadlocks)
        {
            if (Array.Exists(one.ProcessId, processes.Contains))
            {
                visible.Add(one);
            }
        }

        return new IpcGraph
        {
            Nodes = nodes,
            Edges = [.. edges],
            Deadlocks = [.. visible],
            Attribution = context.Scan.IsComplete && context.Calls.IsComplete ? "Complete" : "Partial",
            Time = DateTime.Now,
            BootId = context.BootId,
            IpcNamespace = context.IpcNamespace,
        };
    }

    private static int Compare(IpcGraphNode one, IpcGraphNode other)
    {
        if (one.IsProcess || other.IsProcess)
        {
            return one.IsProcess && other.IsProcess ? one.ProcessId!.Value.CompareTo(other.ProcessId!.Value) : one.IsProcess ? -1 : 1;
        }

        int order = RankOf(one.Kind).CompareTo(RankOf(other.Kind));
        order = order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
        order = order != 0 ? order : (one.ObjectId ?? 0).CompareTo(other.ObjectId ?? 0);
        return order != 0 ? order : InodeOf(one).CompareTo(InodeOf(other)); // two deleted files of one name
    }

    private static (ulong, ulong) InodeOf(IpcGraphNode node) =>
        node.LockedFile ?? (node.Subjects.Count > 0 ? (node.Subjects[0].Device ?? 0, node.Subjects[0].Inode ?? 0) : default);

    private static int RankOf(string kind)
    {
        for (int i = 0; i < AllKinds.Operations.Count; i++)
        {
            if (AllKinds.Operations[i].Kind.ToString() == kind)
            {
                return i;
            }
        }

        return AllKinds.Operations.Count;
    }
}
