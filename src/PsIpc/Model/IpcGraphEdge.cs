
namespace PsIpc;

/// <summary>What one node of a graph has to do with another.</summary>
public sealed class IpcGraphEdge : Columns.IGraphEdge
{
    /// <summary>The Id of the node from which it leads.</summary>
    public string From { get; internal set; } = "";

    /// <summary>The Id of the node to which it leads.</summary>
    public string To { get; internal set; } = "";

    /// <summary>
    /// From a process: Writes, Shares, Connects, SentLast, WaitsFor, WaitsForEnd. From an object: Reads (by a process), Serves, HeldBy, ReceivedLast, UsedLast.
    /// </summary>
    public string Relation { get; internal set; } = "";

    /// <summary>By what: descriptors, mappings, the range of a lock, the semaphore of a set.</summary>
    public string Detail { get; internal set; } = "";

    /// <summary>Whether it is part of a circle.</summary>
    public bool Deadlocked { get; internal set; }

    string Columns.IGraphEdge.FromText => Source.Text;

    string Columns.IGraphEdge.ToText => Target.Text;

    internal IpcGraphNode Source { get; set; } = new();

    internal IpcGraphNode Target { get; set; } = new();

    /// <summary>Whether data goes both ways.</summary>
    internal bool IsMutual => Relation is "Shares" or "Connects" or "Serves";

    /// <summary>Whether it says of one that he waits.</summary>
    internal bool IsWait => Relation is "WaitsFor" or "WaitsForEnd";

    /// <summary>Whether it says what was, and not what is.</summary>
    internal bool IsPast => Relation is "SentLast" or "ReceivedLast" or "UsedLast";

    /// <summary>The relation in words: as in "a waits for b".</summary>
    internal string Words => Relation switch
    {
        "Writes" => "writes",
        "Reads" => "is read by",
        "Shares" => "shares",
        "Connects" => "connects",
        "Serves" => "is served by",
        "HeldBy" => "is held by",
        "WaitsFor" => "waits for",
        "WaitsForEnd" => "waits for the end of",
        "SentLast" => "sent last",
        "ReceivedLast" => "was last received from by",
        _ => "was last used by",
    };

    /// <summary>A sentence without a stop.</summary>
    public override string ToString() => $"{Source.Text} {Words} {Target.Text}{(Detail.Length > 0 ? $" ({Detail})" : "")}";
}
