using System.Collections.Generic;

namespace PsIpc.Runtime.Graph;

/// <summary>A node's place in a picture.</summary>
internal sealed class PlacedNode(IpcGraphNode node, string text, int width)
{
    internal IpcGraphNode Node { get; } = node;

    /// <summary>What stands in it.</summary>
    internal string Text { get; } = text;

    internal double X { get; set; }

    internal double Y { get; set; }

    internal int Width { get; } = width;

    internal int Layer { get; set; } = -1;

    internal List<PlacedNode> Next { get; } = [];

    internal List<PlacedNode> Previous { get; } = [];

    /// <summary>What it has to do with where one of both is part of a circle, and the other is not.</summary>
    internal List<PlacedNode> Aside { get; } = [];
}
