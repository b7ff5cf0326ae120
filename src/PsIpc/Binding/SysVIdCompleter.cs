using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the ids of the System V objects there are, of the kinds that -Kind says.</summary>
public sealed class SysVIdCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        LiveSysV(boundParameters).Select(one => (one.IdText, ToolTipOf(one)));
}
