using System;
using System.Collections.Generic;

namespace PsIpc.Runtime.Graph;

/// <summary>
/// Gives nodes their places: what belongs together is one part, drawn in columns from left to right along its edges, so ordered that
/// few of them cross (Sugiyama's method); the parts stand side by side and below each other, circles first, then the largest.
/// </summary>
internal sealed class GraphLayout
{
    internal const int NodeHeight = 36;
    private const int Gap = 12;
    private const int ColumnGap = 44;
    private const int FanGap = 8; // for each more
    private const int WidestFan = 8;
    private const int CircleGap = 64;
    private const int CircleHeight = 110;
    private const int CharacterWidth = 7;
    private const int LongestText = 36;
    private const int TallestColumn = 40;
    private const int Sweeps = 8;

    private readonly List<PlacedNode> _nodes = [];
    private readonly Dictionary<IpcGraphNode, PlacedNode> _byNode = [];

    internal GraphLayout(IpcGraph graph)
    {
        foreach (IpcGraphNode node in graph.Nodes)
        {
            string text = GraphText.Shorten(GraphText.Visible(node.Text), LongestText);
            PlacedNode placed = new(node, text, (Math.Max(GraphText.Width(text), node.IsProcess ? 0 : node.Kind.Length - 2) * (CharacterWidth + 1)) + 20);
            _nodes.Add(placed);
            _byNode[node] = placed;
        }

        foreach (IpcGraphEdge edge in graph.Edges)
        {
            (PlacedNode from, PlacedNode to) = (_byNode[edge.Source], _byNode[edge.Target]);
            if (IsAside(edge))
            {
                from.Aside.Add(to);
                to.Aside.Add(from);
            }
            else if (!from.Next.Contains(to))
            {
                from.Next.Add(to);
                to.Previous.Add(from);
            }
        }

        GraphPacking packing = new(Place);
        foreach (List<PlacedNode> part in Parts())
        {
            packing.Add(part);
        }

        (Width, Height) = packing.Pack();
    }

    internal IReadOnlyList<PlacedNode> Nodes => _nodes;

    internal double Width { get; }

    internal double Height { get; }

    /// <summary>Whether it leads to or from a circle and is no part of it: circles stand apart.</summary>
    internal static bool IsAside(IpcGraphEdge edge) => !edge.Deadlocked && (edge.Source.Deadlocked || edge.Target.Deadlocked);

    internal PlacedNode this[IpcGraphNode node] => _byNode[node];

    private IEnumerable<List<PlacedNode>> Parts()
    {
        HashSet<PlacedNode> seen = [];
        foreach (PlacedNode start in _nodes)
        {
            if (!seen.Add(start))
            {
                continue;
            }

            List<PlacedNode> part = [start];
            for (int i = 0; i < part.Count; i++)
            {
                foreach (PlacedNode other in (IEnumerable<PlacedNode>)[.. part[i].Next, .. part[i].Previous])
                {
                    if (seen.Add(other))
                    {
                        part.Add(other);
                    }
                }
            }

            yield return part;
        }
    }

    /// <summary>The longest way to a node is its column; edges that would close a circle are not counted.</summary>
    private static List<List<PlacedNode>> Columns(List<PlacedNode> part)
    {
        List<PlacedNode> order = TopologicalOrder(part, out HashSet<(PlacedNode, PlacedNode)> backward);
        foreach (PlacedNode node in order)
        {
            node.Layer = Math.Max(node.Layer, 0);
            foreach (PlacedNode next in node.Next)
            {
                if (!backward.Contains((node, next)))
                {
                    next.Layer = Math.Max(next.Layer, node.Layer + 1);
                }
            }
        }

        // What leads somewhere stands right before it, and not far to the left of it.
        for (int i = order.Count - 1; i >= 0; i--)
        {
            int nearest = int.MaxValue;
            foreach (PlacedNode next in order[i].Next)
            {
                nearest = backward.Contains((order[i], next)) ? nearest : Math.Min(nearest, next.Layer);
            }

            order[i].Layer = nearest == int.MaxValue ? order[i].Layer : nearest - 1;
        }

        List<List<PlacedNode>> columns = [];
        foreach (PlacedNode node in part)
        {
            while (columns.Count <= node.Layer)
            {
                columns.Add([]);
            }

            columns[node.Layer].Add(node);
        }

        return columns;
    }

    private static List<PlacedNode> TopologicalOrder(List<PlacedNode> part, out HashSet<(PlacedNode, PlacedNode)> backward)
    {
        List<PlacedNode> roots = [.. part];
        roots.Sort((one, other) => (one.Previous.Count > 0).CompareTo(other.Previous.Count > 0));
        HashSet<PlacedNode> seen = [];
        HashSet<PlacedNode> open = [];
        List<PlacedNode> order = [];
        backward = [];
        foreach (PlacedNode root in roots)
        {
            Stack<(PlacedNode Node, int Next)> path = new([(root, 0)]);
            if (!seen.Add(root))
            {
                continue;
            }

            open.Add(root);
            while (path.TryPop(out (PlacedNode Node, int Next) top))
            {
                if (top.Next == top.Node.Next.Count)
                {
                    open.Remove(top.Node);
                    order.Add(top.Node);
                    continue;
                }

                path.Push((top.Node, top.Next + 1));
                PlacedNode next = top.Node.Next[top.Next];
                if (open.Contains(next))
                {
                    backward.Add((top.Node, next));
                }
                else if (seen.Add(next))
                {
                    open.Add(next);
                    path.Push((next, 0));
                }
            }
        }

        order.Reverse();
        return order;
    }

    /// <summary>
    /// A circle is drawn as one: there in an upper row, and back in a lower one. It is a part of its own, whatever else its processes have.
    /// </summary>
    private static (double Width, double Height) PlaceCircle(List<PlacedNode> part)
    {
        List<PlacedNode> order = [];
        HashSet<PlacedNode> seen = [];
        foreach (PlacedNode start in part)
        {
            for (PlacedNode? node = start; node is not null && seen.Add(node); node = Following(node, seen))
            {
                order.Add(node);
            }
        }

        int above = (order.Count + 1) / 2;
        double x = 0;
        double widest = 0;
        for (int i = 0; i < above; i++)
        {
            PlacedNode upper = order[i];
            PlacedNode? lower = above + i < order.Count ? order[order.Count - 1 - i] : null;
            int width = Math.Max(upper.Width, lower?.Width ?? 0);
            (upper.X, upper.Y) = (x + ((width - upper.Width) / 2.0), 0);
            if (lower is not null)
            {
                (lower.X, lower.Y) = (x + ((width - lower.Width) / 2.0), CircleHeight);
            }

            widest = x + width;
            x = widest + CircleGap;
        }

        return (widest, order.Count > 1 ? CircleHeight + NodeHeight : NodeHeight);
    }

    /// <summary>Of two that have a lock the one that waits for the other, which comes after it.</summary>
    private static PlacedNode? Following(PlacedNode node, HashSet<PlacedNode> seen)
    {
        List<PlacedNode> open = node.Next.FindAll(next => !seen.Contains(next));
        return open.Find(one => one.Next.Exists(open.Contains)) ?? (open.Count > 0 ? open[0] : null);
    }

    /// <summary>Places a part at the origin; its size comes back.</summary>
    private static (double Width, double Height) Place(List<PlacedNode> part)
    {
        // Where many wait for one thing, or wait for one another through it, there is a star and no circle.
        if (part[0].Node.Deadlocked && !part.Exists(node => Math.Max(node.Next.Count, node.Previous.Count) > 2))
        {
            return PlaceCircle(part);
        }

        List<List<PlacedNode>> columns = Split(Columns(part));
        foreach (List<PlacedNode> column in columns)
        {
            Stack(column);
        }

        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                Arrange(columns[sweep % 2 == 0 ? i : columns.Count - 1 - i]);
            }
        }

        double top = double.MaxValue;
        double bottom = 0;
        foreach (PlacedNode node in part)
        {
            top = Math.Min(top, node.Y);
            bottom = Math.Max(bottom, node.Y + NodeHeight);
        }

        double x = 0;
        double width = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            List<PlacedNode> column = columns[i];
            int widest = 0;
            foreach (PlacedNode node in column)
            {
                widest = Math.Max(widest, node.Width);
            }

            foreach (PlacedNode node in column)
            {
                node.X = x + ((widest - node.Width) / 2.0);
                node.Y -= top;
            }

            width = x + widest;
            x = width + GapAfter(columns, i);
        }

        return (width, bottom - top);
    }

    /// <summary>The more lines there may be between two columns, the farther they are apart.</summary>
    private static int GapAfter(List<List<PlacedNode>> columns, int index) => index + 1 == columns.Count ? 0
        : ColumnGap + (FanGap * Math.Min(Math.Max(columns[index].Count, columns[index + 1].Count) - 1, WidestFan));

    /// <summary>A column that is too tall becomes several, side by side.</summary>
    private static List<List<PlacedNode>> Split(List<List<PlacedNode>> columns)
    {
        List<List<PlacedNode>> result = [];
        foreach (List<PlacedNode> column in columns)
        {
            int pieces = (column.Count + TallestColumn - 1) / TallestColumn;
            for (int i = 0; i < pieces; i++)
            {
                int from = column.Count * i / pieces;
                result.Add(column.GetRange(from, (column.Count * (i + 1) / pieces) - from));
            }
        }

        return result;
    }

    private static void Stack(List<PlacedNode> column)
    {
        for (int i = 0; i < column.Count; i++)
        {
            column[i].Y = i * (NodeHeight + Gap);
        }
    }

    /// <summary>Orders a column by where the neighbours of each node are, and brings it as near to them as the others let it.</summary>
    private static void Arrange(List<PlacedNode> column)
    {
        Dictionary<PlacedNode, double> wanted = [];
        for (int i = 0; i < column.Count; i++)
        {
            PlacedNode node = column[i];
            double sum = 0;
            foreach (PlacedNode other in node.Previous)
            {
                sum += other.Y;
            }

            foreach (PlacedNode other in node.Next)
            {
                sum += other.Y;
            }

            int count = node.Previous.Count + node.Next.Count;
            wanted[node] = count == 0 ? node.Y : sum / count;
        }

        List<PlacedNode> before = [.. column];
        column.Sort((one, other) => wanted[one].CompareTo(wanted[other]) is not 0 and var order ? order : before.IndexOf(one).CompareTo(before.IndexOf(other)));
        double error = 0;
        double free = double.MinValue;
        foreach (PlacedNode node in column)
        {
            node.Y = Math.Max(wanted[node], free);
            free = node.Y + NodeHeight + Gap;
            error += node.Y - wanted[node];
        }

        foreach (PlacedNode node in column)
        {
            node.Y -= error / column.Count;
        }
    }
}
