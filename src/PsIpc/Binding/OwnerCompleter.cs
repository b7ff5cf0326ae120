using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the users who own something.</summary>
public sealed class OwnerCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(Enum.GetValues<IpcKind>()).Select(subject => subject.Owner).Distinct().Select(owner => (owner, owner));
}
