using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace PsIpc.Runtime.Graph;

/// <summary>
/// Writes a graph as one page for a browser: a picture that is drawn already, and the same in words. It loads nothing, and may not:
/// its content security policy forbids all but what stands in it. Without scripts it is still whole.
/// </summary>
internal sealed class HtmlGraph
{
    private const double LeastScale = 0.75; // smaller, and it cannot be read: then it is scrolled

    private readonly IpcGraph _graph;
    private readonly GraphLayout _layout;
    private readonly StringBuilder _page = new();

    private HtmlGraph(IpcGraph graph) => (_graph, _layout) = (graph, new GraphLayout(graph));

    internal static string Write(IpcGraph graph) => new HtmlGraph(graph).Write();

    private string Write()
    {
        _page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        _page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
        _page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Inter-process communication</title>\n<style>\n");
        _page.Append(Read("graph.css")).Append("</style>\n</head>\n<body>\n<header>\n<h1>Inter-process communication</h1>\n");
        Line($"<p class=\"when\">{Count(_graph.Nodes.Length, "node")}, {Count(_graph.Edges.Length, "edge")}; {_graph.Time:yyyy-MM-dd HH:mm:ss}</p>");
        WriteRemarks();
        Line($"<p class=\"tools\"><label>Find <input id=\"find\" type=\"search\" placeholder=\"name, pid, kind\"></label> <button id=\"fit\" type=\"button\">Whole picture</button> <button id=\"actual\" type=\"button\">1:1</button> <span id=\"found\" role=\"status\"></span></p>");
        WriteLegend();
        Line($"</header>\n<main>");
        WritePicture();
        WriteTable();
        _page.Append("</main>\n<script>\n").Append(Read("graph.js")).Append("</script>\n</body>\n</html>");
        return _page.ToString();
    }

    private void WriteRemarks()
    {
        foreach (IpcDeadlock one in _graph.Deadlocks)
        {
            string doubts = one.Doubts.Length > 0 ? $" ({GraphText.DoubtsOf(one)})" : "";
            Line($"<section class=\"alarm\" role=\"alert\"><strong>{one.Certainty} deadlock</strong>{doubts}<ul>");
            foreach (string wait in one.Waits)
            {
                Line($"<li>{Escape(wait)}</li>");
            }

            Line($"</ul></section>");
        }

        if (_graph.Attribution == "Partial")
        {
            Line($"<p class=\"partial\">{GraphText.Partial} There may be more than is shown.</p>");
        }

        if (_graph.Nodes.Length == 0)
        {
            Line($"<p class=\"partial\">There is nothing to show.</p>");
        }
    }

    private void WriteLegend()
    {
        _page.Append("<ul class=\"legend\" aria-label=\"Legend\">");
        foreach ((string name, string text) in ((string, string)[])[
            ("process", "process"), ("channel", "queue, FIFO, pipe, socket"), ("memory", "shared memory"), ("gate", "lock, semaphore"),
            ("flow", "data goes"), ("held", "is held by"), ("wait", "waits for"), ("past", "used it last"), ("stuck", "deadlock")])
        {
            _page.Append(CultureInfo.InvariantCulture, $"<li class=\"{name}\">{text}</li>");
        }

        _page.Append("</ul>\n");
    }

    private void WritePicture()
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(Math.Ceiling(_layout.Width), 1)} {Math.Max(Math.Ceiling(_layout.Height), 1)}");
        Line($"<div class=\"picture\"><svg id=\"graph\" viewBox=\"0 0 {size}\" width=\"{Math.Ceiling(_layout.Width)}\" height=\"{Math.Ceiling(_layout.Height)}\" style=\"min-width:{Math.Ceiling(_layout.Width * LeastScale)}px\" role=\"group\" aria-label=\"Processes and the objects between them; the table below says the same\">");
        Line($"<defs>");
        foreach (string name in (string[])["flow", "held", "stuck"])
        {
            Line($"<marker id=\"{name}\" class=\"{name}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0 10 5 0 10z\"/></marker>");
        }

        Line($"</defs>");
        foreach (IpcGraphEdge edge in _graph.Edges)
        {
            string marker = edge.Deadlocked ? "stuck" : edge.Relation == "HeldBy" ? "held" : "flow";
            string both = edge.IsMutual ? $" marker-start=\"url(#{marker})\"" : "";
            string kind = (edge.IsWait ? " wait" : edge.IsPast ? " past" : edge.Relation == "HeldBy" ? " held" : "")
                + (edge.Deadlocked ? " stuck" : GraphLayout.IsAside(edge) ? " aside" : "");
            Line($"<path class=\"edge{kind}\" data-a=\"{edge.From}\" data-b=\"{edge.To}\" d=\"{Curve(_layout[edge.Source], _layout[edge.Target], GraphLayout.IsAside(edge))}\" marker-end=\"url(#{marker})\"{both}><title>{Escape(edge.ToString())}</title></path>");
        }

        foreach (PlacedNode node in _layout.Nodes)
        {
            WriteNode(node);
        }

        Line($"</svg></div>");
    }

    private void WriteNode(PlacedNode placed)
    {
        IpcGraphNode node = placed.Node;
        string shape = node.Kind switch
        {
            "Process" => "process",
            nameof(IpcKind.FileLock) or nameof(IpcKind.SysVSemaphore) or nameof(IpcKind.PosixSemaphore) => "gate",
            nameof(IpcKind.SysVSharedMemory) or nameof(IpcKind.PosixSharedMemory) or nameof(IpcKind.FileMapping) => "memory",
            _ => "channel",
        };
        string whose = node.User.Length > 0 ? ", " + node.User : "";
        string second = Escape(node.IsProcess ? node.User : node.Kind);
        double middle = placed.X + (placed.Width / 2.0);
        Line($"<g class=\"node {shape}{(node.Deadlocked ? " stuck" : "")}\" id=\"{node.Id}\" tabindex=\"0\" role=\"button\" data-text=\"{Escape($"{node} {node.User}")}\"><title>{Escape(node + whose)}</title>");
        Line($"<rect x=\"{placed.X}\" y=\"{placed.Y}\" width=\"{placed.Width}\" height=\"{GraphLayout.NodeHeight}\" rx=\"{(node.IsProcess ? 16 : 3)}\"/>");
        Line($"<text x=\"{middle}\" y=\"{placed.Y + 15}\">{Escape(placed.Text)}</text><text class=\"kind\" x=\"{middle}\" y=\"{placed.Y + 29}\">{second}</text></g>");
    }

    /// <summary>From the side of one to the side of the other that faces it; around, where they stand in one column.</summary>
    private static string Curve(PlacedNode from, PlacedNode to, bool isAside)
    {
        double y1 = from.Y + (GraphLayout.NodeHeight / 2.0);
        double y2 = to.Y + (GraphLayout.NodeHeight / 2.0);
        double gap = Math.Abs(from.Y - to.Y) - GraphLayout.NodeHeight;
        if (isAside && gap > 0)
        {
            return Upright(from, to, gap / 2);
        }

        if (from.X + from.Width <= to.X)
        {
            double bend = (to.X - from.X - from.Width) / 2;
            return Path(from.X + from.Width, y1, bend, to.X, y2, -bend);
        }

        if (to.X + to.Width <= from.X)
        {
            // Lower than the edge that leads the other way, so that both can be seen.
            double bend = (from.X - to.X - to.Width) / 2;
            return Path(from.X, y1 + 8, -bend, to.X + to.Width, y2 + 8, bend);
        }

        if (gap is > 0 and < 100)
        {
            return Upright(from, to, 0);
        }

        return Path(from.X + from.Width, y1, 50, to.X + to.Width, y2, 50);
    }

    /// <summary>From the lower side of the upper to the upper side of the lower, or back, beside the edge that leads the other way.</summary>
    private static string Upright(PlacedNode from, PlacedNode to, double bend)
    {
        bool isDown = to.Y > from.Y;
        double aside = isDown ? 8 : -8;
        double x1 = from.X + (from.Width / 2.0) + aside;
        double x2 = to.X + (to.Width / 2.0) + aside;
        double y1 = isDown ? from.Y + GraphLayout.NodeHeight : from.Y;
        double y2 = isDown ? to.Y : to.Y + GraphLayout.NodeHeight;
        bend = isDown ? bend : -bend;
        return string.Create(CultureInfo.InvariantCulture, $"M{x1:0} {y1:0}C{x1:0} {y1 + bend:0} {x2:0} {y2 - bend:0} {x2:0} {y2:0}");
    }

    private static string Path(double x1, double y1, double bend1, double x2, double y2, double bend2) =>
        string.Create(CultureInfo.InvariantCulture, $"M{x1:0} {y1:0}C{x1 + bend1:0} {y1:0} {x2 + bend2:0} {y2:0} {x2:0} {y2:0}");

    private void WriteTable()
    {
        if (_graph.Edges.Length == 0)
        {
            return;
        }

        Line($"<h2>In words</h2>\n<table>\n<thead><tr><th scope=\"col\">From</th><th scope=\"col\"></th><th scope=\"col\">To</th><th scope=\"col\">By</th></tr></thead>\n<tbody>");
        foreach (IpcGraphEdge edge in _graph.Edges)
        {
            Line($"<tr data-a=\"{edge.From}\" data-b=\"{edge.To}\"{(edge.Deadlocked ? " class=\"stuck\"" : "")}><td>{Escape(edge.Source.ToString())}</td><td>{edge.Words}</td><td>{Escape(edge.Target.ToString())}</td><td>{Escape(edge.Detail)}</td></tr>");
        }

        Line($"</tbody>\n</table>");
    }

    private void Line(FormattableString text) => _page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Escape(string text)
    {
        text = GraphText.Visible(text);
        StringBuilder result = new(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    private static string Read(string name)
    {
        using Stream stream = typeof(HtmlGraph).Assembly.GetManifestResourceStream("PsIpc.Graph." + name)
            ?? throw new InvalidOperationException($"{name} is missing.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
