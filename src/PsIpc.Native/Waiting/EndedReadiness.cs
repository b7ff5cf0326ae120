namespace PsIpc.Native.Waiting;

/// <summary>What was to be waited for has come about already.</summary>
public sealed class EndedReadiness : ReadinessSource
{
    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.Itself;

    /// <inheritdoc/>
    public override bool IsReady(DescriptorEvents found, long look) => true;
}
