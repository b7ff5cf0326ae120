using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Binding;

/// <summary>Offers the names of the objects there are, of the kind that -Kind says.</summary>
public sealed class ObjectNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters)
    {
        IpcKind[] kinds = boundParameters["Kind"] is { } given && Enum.TryParse(given.ToString(), ignoreCase: true, out IpcKind kind)
            ? [kind]
            : [.. AllKinds.ListedUnasked.Select(one => one.Kind)];
        return Live(kinds).Where(subject => subject is not SysVObject { Key: 0 }).Select(subject => (subject.Name, ToolTipOf(subject)));
    }
}
