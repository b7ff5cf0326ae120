using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the keys of the System V objects there are, of the kinds that -Kind says.</summary>
public sealed class SysVKeyCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        LiveSysV(boundParameters).Where(one => one.Key != 0).Select(one => (one.Name, ToolTipOf(one)));
}
