namespace PsIpc;

/// <summary>What Show-IpcGraph makes of a graph.</summary>
public enum GraphForm
{
    /// <summary>Text for Mermaid, which draws it in Markdown, wikis and editors.</summary>
    Mermaid,

    /// <summary>Text for Graphviz: dot(1).</summary>
    Dot,

    /// <summary>One page for a browser, which needs nothing else.</summary>
    Html,

    /// <summary>An object with nodes, edges and circles, for scripts.</summary>
    Object,
}
