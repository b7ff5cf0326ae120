using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the types of cells that can be updated.</summary>
public sealed class MemoryCellCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        ValidateMemoryFormAttribute.CellNames.Select(name => (name, name));
}
