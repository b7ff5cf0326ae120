using PsIpc.Native.Waiting;

namespace PsIpc.Runtime;

/// <summary>Waits until a lock that this process holds is given back.</summary>
internal sealed class HeldLockReadiness : ReadinessSource
{
    private readonly HeldFileLock _held;

    internal HeldLockReadiness(HeldFileLock held)
    {
        _held = held;
        held.Closed += OnClosed;
    }

    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.Itself;

    /// <inheritdoc/>
    public override bool IsReady(DescriptorEvents found, long look) => !_held.IsHeld;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _held.Closed -= OnClosed;
        base.Dispose(disposing);
    }

    private void OnClosed() => Changed?.Invoke();
}
