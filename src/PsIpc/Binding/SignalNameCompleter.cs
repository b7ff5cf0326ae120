using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Signals;

namespace PsIpc.Binding;

/// <summary>Base of what offers names of signals, to those as well who begin without SIG.</summary>
public abstract class SignalNameCompleter : IpcCompleter
{
    private const string Prefix = "SIG";

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        SignalName.All.Where(IsOffered).Select(number => (SignalName.Of(number), number.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    protected override bool Matches(string value, string word) =>
        base.Matches(value, word) || value.AsSpan(Prefix.Length).StartsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a signal can be meant.</summary>
    /// <param name="number">The signal's number.</param>
    protected abstract bool IsOffered(int number);
}
