namespace PsIpc.Binding;

/// <summary>Offers the names of signals, to those as well who begin without SIG.</summary>
public sealed class SignalCompleter : SignalNameCompleter
{
    /// <inheritdoc/>
    protected override bool IsOffered(int number) => true;
}
