using PsIpc.Native.Signals;

namespace PsIpc.Binding;

/// <summary>Offers the names of the signals that can be waited for.</summary>
public sealed class WaitableSignalCompleter : SignalNameCompleter
{
    /// <inheritdoc/>
    protected override bool IsOffered(int number) => SignalName.WhyNotWaitable(number) == SignalRefusal.None;
}
