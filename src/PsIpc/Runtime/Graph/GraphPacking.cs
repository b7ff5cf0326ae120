using System;
using System.Collections.Generic;

namespace PsIpc.Runtime.Graph;

/// <summary>
/// Brings the parts of a picture into rows: circles first, each with what hangs on it, then the tallest; and no wider than a window, as long
/// as none of them is.
/// </summary>
/// <param name="place">Places the nodes of a part, as if it were alone.</param>
internal sealed class GraphPacking(Func<List<PlacedNode>, (double Width, double Height)> place)
{
    private const int PartGap = 44;
    private const int Margin = 24;
    private const int UsualWidth = 1600; // of a window: what is larger goes down, and not to the right

    private readonly List<(List<PlacedNode> Part, double Width, double Height)> _placed = [];
    private readonly Dictionary<PlacedNode, int> _partOf = [];
    private double _area;

    /// <summary>Adds nodes that hang together.</summary>
    internal void Add(List<PlacedNode> part)
    {
        foreach (PlacedNode node in part)
        {
            _partOf[node] = _placed.Count;
        }

        (double width, double height) = place(part);
        _placed.Add((part, width, height));
        _area += (width + PartGap) * (height + PartGap);
    }

    /// <summary>Parts side by side and in rows, within a width; low ones below each other where the row is high.</summary>
    private static (double Width, double Height) Shelve(List<(List<PlacedNode> Part, double Width, double Height)> parts, double widest)
    {
        double top = 0; // of the row
        double row = 0;
        double left = 0; // of the column in it
        double column = 0;
        double used = 0;
        double full = 0;
        foreach ((List<PlacedNode> part, double width, double height) in parts)
        {
            bool isBelow = used > 0 && used + PartGap + height <= row && left + width <= widest;
            if (used > 0 && !isBelow)
            {
                (left, column, used) = (left + column + PartGap, 0, 0);
                if (left + width > widest)
                {
                    (top, row, left) = (top + row + PartGap, 0, 0);
                }
            }

            double y = isBelow ? used + PartGap : 0;
            Move(part, left, top + y);
            used = y + height;
            column = Math.Max(column, width);
            row = Math.Max(row, used);
            full = Math.Max(full, left + column);
        }

        return (full, top + row);
    }

    private static void Move(List<PlacedNode> part, double x, double y)
    {
        foreach (PlacedNode node in part)
        {
            (node.X, node.Y) = (Math.Round(node.X + x), Math.Round(node.Y + y));
        }
    }

    /// <summary>Places the parts; the size of all comes back.</summary>
    internal (double Width, double Height) Pack()
    {
        double widest = Math.Max(UsualWidth, Math.Sqrt(_area / 3));
        HashSet<int> done = [];
        List<(List<PlacedNode> Part, double Width, double Height)> blocks = [];
        for (int i = 0; i < _placed.Count; i++)
        {
            if (_placed[i].Part[0].Node.Deadlocked && done.Add(i))
            {
                blocks.Add(WithWhatHangsOnIt(i, done, widest));
            }
        }

        int circles = blocks.Count;
        for (int i = 0; i < _placed.Count; i++)
        {
            if (done.Add(i))
            {
                blocks.Add(_placed[i]);
            }
        }

        List<int> order = [];
        for (int i = 0; i < blocks.Count; i++)
        {
            order.Add(i);
        }

        order.Sort((one, other) => (one >= circles).CompareTo(other >= circles) is not 0 and var first ? first
            : blocks[other].Height.CompareTo(blocks[one].Height) is not 0 and var second ? second : one.CompareTo(other));
        (double fullWidth, double fullHeight) = Shelve(order.ConvertAll(i => blocks[i]), widest);
        foreach ((List<PlacedNode> part, _, _) in _placed)
        {
            Move(part, Margin, Margin);
        }

        return (fullWidth + (2 * Margin), fullHeight + (2 * Margin));
    }

    /// <summary>A circle, and below it what else its processes have to do with, so that no line leads across the rest.</summary>
    private (List<PlacedNode> Part, double Width, double Height) WithWhatHangsOnIt(int circle, HashSet<int> done, double widest)
    {
        (List<PlacedNode> part, double width, double height) = _placed[circle];
        List<PlacedNode> block = [.. part];
        List<(List<PlacedNode> Part, double Width, double Height)> below = [];
        foreach (PlacedNode node in part)
        {
            foreach (PlacedNode other in node.Aside)
            {
                if (!other.Node.Deadlocked && done.Add(_partOf[other]))
                {
                    below.Add(_placed[_partOf[other]]);
                    block.AddRange(_placed[_partOf[other]].Part);
                }
            }
        }

        if (below.Count == 0)
        {
            return (block, width, height);
        }

        (double lowerWidth, double lowerHeight) = Shelve(below, Math.Max(width, widest / 2));
        foreach ((List<PlacedNode> one, _, _) in below)
        {
            Move(one, 0, height + (PartGap * 1.5));
        }

        return (block, Math.Max(width, lowerWidth), height + (PartGap * 1.5) + lowerHeight);
    }
}
