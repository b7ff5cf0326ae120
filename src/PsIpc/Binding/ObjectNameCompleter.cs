using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the names of the objects there are, of the kind that -Kind says.</summary>
public sealed class ObjectNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    private protected override bool IsPattern => true;

    /// <inheritdoc/>
    private protected override bool IsText => true;

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(KindsIn(boundParameters)).Where(subject => subject is not SysVObject { Key: 0 }).Select(subject => (subject.Name, ToolTipOf(subject)));
}
