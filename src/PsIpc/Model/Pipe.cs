using System;

namespace PsIpc;

/// <summary>A pipe without a name; see pipe(7).</summary>
public sealed class Pipe : EndpointObject
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.Pipe);

    /// <summary>Nothing is recorded.</summary>
    public override DateTime? LastActivity => null;
}
