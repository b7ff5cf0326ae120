using System;
using System.Collections.Generic;

namespace PsIpc.Runtime.Graph;

/// <summary>What of a graph is wanted.</summary>
internal sealed class GraphScope
{
    /// <summary>Only objects that these processes have to do with; null for all.</summary>
    internal HashSet<int>? Processes { get; init; }

    /// <summary>Only objects for which it is true; null for all. Those are shown even when one process alone has them.</summary>
    internal Func<IpcGraphNode, bool>? IsWanted { get; init; }

    /// <summary>Also what one process alone has, and files that nobody writes to.</summary>
    internal bool All { get; init; }

    /// <summary>Only circles.</summary>
    internal bool Deadlock { get; init; }
}
