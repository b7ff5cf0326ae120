using System;

namespace PsIpc;

/// <summary>A FIFO; see fifo(7).</summary>
public sealed class Fifo : EndpointObject
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.Fifo);

    /// <summary>Where it is; of one that was removed while it was open, where it was.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>Whether the path leads to it from here: not when it was removed, or belongs to another mount namespace.</summary>
    public bool IsReachable { get; internal set; }

    /// <summary>When something was last written to it, in local time.</summary>
    public DateTime? ModifyTime { get => Times.Local(field); internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => ModifyTime;
}
