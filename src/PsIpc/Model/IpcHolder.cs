namespace PsIpc;

/// <summary>A process that has an object open.</summary>
public sealed class IpcHolder
{
    /// <summary>Its process id.</summary>
    public int ProcessId { get; internal set; }

    /// <summary>The kernel's name for it: 15 bytes at most.</summary>
    public string ProcessName { get; internal set; } = "";

    /// <summary>The user it runs as.</summary>
    public string User { get; internal set; } = "";

    /// <summary>The descriptor by which it holds the object.</summary>
    public int Descriptor { get; internal set; }

    /// <summary>Name and pid.</summary>
    public override string ToString() => $"{ProcessName} ({ProcessId})";
}
