using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PsIpc.Runtime.Graph;

/// <summary>Writes a graph for Graphviz; see https://graphviz.org/doc/info/lang.html.</summary>
internal static class DotGraph
{
    private const int LongestLabel = 60;

    internal static string Write(IpcGraph graph)
    {
        StringBuilder text = new("digraph ipc {\n");
        List<string> remarks = GraphText.Remarks(graph);
        foreach (string remark in remarks)
        {
            text.Append("    // ").Append(remark).Append('\n');
        }

        string below = graph.Nodes.Length == 0 ? "There is nothing." : "";
        below = graph.Attribution == "Partial" ? (below + " " + GraphText.Partial).Trim() : below;
        text.Append(CultureInfo.InvariantCulture, $"    graph [rankdir=LR, label=\"{Escape(below)}\", fontname=\"sans-serif\", fontsize=10];\n");
        text.Append("    node [fontname=\"sans-serif\", fontsize=10, shape=box, style=filled, fillcolor=\"#f4f4f0\", color=\"#777777\"];\n");
        text.Append("    edge [fontname=\"sans-serif\", fontsize=8, color=\"#777777\"];\n");
        foreach (IpcGraphNode node in graph.Nodes)
        {
            string full = Escape(GraphText.Visible(node.ToString()));
            string label = Escape(GraphText.Shorten(GraphText.Visible(node.Text), LongestLabel));
            label = node.IsProcess ? label : $"{node.Kind}\\n{label}";
            text.Append(CultureInfo.InvariantCulture, $"    {node.Id} [label=\"{label}\", tooltip=\"{full}\"{StyleOf(node)}];\n");
        }

        foreach (IpcGraphEdge edge in graph.Edges)
        {
            string style = edge.IsWait ? ", style=dashed" : edge.IsPast ? ", style=dotted" : edge.IsMutual ? ", dir=both" : "";
            string red = edge.Deadlocked ? ", color=\"#c00000\", fontcolor=\"#c00000\", penwidth=2.5" : "";
            text.Append(CultureInfo.InvariantCulture, $"    {edge.From} -> {edge.To} [label=\"{Escape(edge.Words)}\", tooltip=\"{Escape(GraphText.Visible(edge.ToString()))}\"{style}{red}];\n");
        }

        return text.Append('}').ToString();
    }

    private static string StyleOf(IpcGraphNode node)
    {
        string shape = node.Kind switch
        {
            "Process" => ", style=\"filled,rounded\", fillcolor=\"#e8f0fe\", color=\"#3b6fc4\"",
            nameof(IpcKind.FileLock) or nameof(IpcKind.SysVSemaphore) or nameof(IpcKind.PosixSemaphore) => ", shape=hexagon",
            nameof(IpcKind.SysVSharedMemory) or nameof(IpcKind.PosixSharedMemory) or nameof(IpcKind.FileMapping) => ", shape=cylinder",
            _ => "",
        };
        return !node.Deadlocked ? shape
            : shape.Replace(", fillcolor=\"#e8f0fe\", color=\"#3b6fc4\"", "", StringComparison.Ordinal) + ", fillcolor=\"#ffe0e0\", color=\"#c00000\", penwidth=2.5";
    }

    /// <summary>In quotes a backslash begins an escape, and Graphviz reads HTML's entities.</summary>
    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("&", "&amp;", StringComparison.Ordinal);
}
