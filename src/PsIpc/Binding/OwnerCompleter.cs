using System.Collections;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Binding;

/// <summary>Offers the users who own something.</summary>
public sealed class OwnerCompleter : IpcCompleter
{
    /// <inheritdoc/>
    private protected override bool IsPattern => true;

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(AllKinds.ListedUnasked.Select(one => one.Kind)).Select(subject => subject.Owner).Distinct().Select(owner => (owner, owner));
}
