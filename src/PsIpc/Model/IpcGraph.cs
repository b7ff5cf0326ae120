using System;
using System.Globalization;

namespace PsIpc;

/// <summary>Processes, the objects between them, who waits for whom, and the circles among those, as they were when they were looked at.</summary>
public sealed class IpcGraph : Columns.IGraph
{
    /// <summary>Processes by their pids, then objects by kind and name.</summary>
    public IpcGraphNode[] Nodes { get; internal set; } = [];

    /// <summary>What leads from one to another: with the data, and from who waits to who has what is waited for.</summary>
    public IpcGraphEdge[] Edges { get; internal set; } = [];

    /// <summary>Processes that wait for one another in a circle.</summary>
    public IpcDeadlock[] Deadlocks { get; internal set; } = [];

    /// <summary>Complete, or Partial where not every process could be looked into.</summary>
    public string Attribution { get; internal set; } = "";

    /// <summary>When, in local time.</summary>
    public DateTime Time { get; internal set; }

    /// <summary>The boot of the machine on which it was seen.</summary>
    public string BootId { get; internal set; } = "";

    /// <summary>The inode of the IPC namespace in which it was seen.</summary>
    public long IpcNamespace { get; internal set; }

    int Columns.IGraph.NodeCount => Nodes.Length;

    int Columns.IGraph.EdgeCount => Edges.Length;

    string Columns.IGraph.DeadlockText => Deadlocks.Length == 0 ? "none" : string.Join("; ", Array.ConvertAll(Deadlocks, one => one.ToString()));

    /// <summary>Numbers of each.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Nodes.Length} nodes, {Edges.Length} edges, {Deadlocks.Length} deadlocks");
}
