using System.Collections;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the names of the limits there are.</summary>
public sealed class LimitNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        IpcLimit.All.Select(limit => (limit.Name, $"{limit.Scope}, {limit.Source}"));
}
