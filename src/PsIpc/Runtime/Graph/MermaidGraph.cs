using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PsIpc.Runtime.Graph;

/// <summary>Writes a graph as a flowchart of Mermaid.</summary>
internal static class MermaidGraph
{
    private const int LongestLabel = 120;

    internal static string Write(IpcGraph graph)
    {
        StringBuilder text = new("flowchart LR\n");
        foreach (string remark in GraphText.Remarks(graph))
        {
            // No braces and no per cent signs: "%%{" would be an instruction.
            text.Append("    %% ").Append(remark.Replace('{', '(').Replace('}', ')').Replace("%%", "% %", System.StringComparison.Ordinal)).Append('\n');
        }

        foreach (IpcGraphNode node in graph.Nodes)
        {
            (string open, string close) = node.Kind switch
            {
                "Process" => ("([", "])"),
                nameof(IpcKind.FileLock) or nameof(IpcKind.SysVSemaphore) or nameof(IpcKind.PosixSemaphore) => ("{{", "}}"),
                nameof(IpcKind.SysVSharedMemory) or nameof(IpcKind.PosixSharedMemory) or nameof(IpcKind.FileMapping) => ("[(", ")]"),
                _ => ("[", "]"),
            };
            string label = Escape(GraphText.Shorten(GraphText.Visible(node.Text), LongestLabel));
            label = node.IsProcess ? label : $"{node.Kind}<br/>{label}";
            text.Append(CultureInfo.InvariantCulture, $"    {node.Id}{open}\"{label}\"{close}{(node.Deadlocked ? ":::deadlock" : node.IsProcess ? ":::process" : "")}\n");
        }

        List<int> red = [];
        for (int i = 0; i < graph.Edges.Length; i++)
        {
            IpcGraphEdge edge = graph.Edges[i];
            string arrow = edge.IsWait ? "-.->" : edge.IsMutual ? "<-->" : "-->";
            text.Append(CultureInfo.InvariantCulture, $"    {edge.From} {arrow}|\"{edge.Words}\"| {edge.To}\n");
            if (edge.Deadlocked)
            {
                red.Add(i);
            }
        }

        if (graph.Nodes.Length == 0)
        {
            text.Append(graph.Attribution == "Partial" ? "    none[\"Nothing was found\"]\n" : "    none[\"There is nothing\"]\n");
        }

        if (graph.Attribution == "Partial")
        {
            text.Append("    partial[\"").Append(GraphText.Partial).Append("\"]:::remark\n");
        }

        text.Append("    classDef process fill:#e8f0fe,stroke:#3b6fc4,color:#10233f\n");
        text.Append("    classDef deadlock fill:#ffe0e0,stroke:#c00000,stroke-width:3px,color:#5a0000\n");
        text.Append("    classDef remark fill:none,stroke-dasharray:4 3");
        if (red.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    linkStyle {string.Join(',', red)} stroke:#c00000,stroke-width:3px,color:#c00000");
        }

        return text.ToString();
    }

    /// <summary>As Mermaid writes characters that mean something to it, or to HTML.</summary>
    private static string Escape(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (char c in text)
        {
            _ = c is '"' or '#' or '&' or '<' or '>' or '%' or '`' or '\\' or '{' or '}' or '|' or ';' or '\'' or '*' or '~' or '$' or '@'
                ? result.Append(CultureInfo.InvariantCulture, $"#{(int)c};")
                : result.Append(c);
        }

        return result.ToString();
    }
}
