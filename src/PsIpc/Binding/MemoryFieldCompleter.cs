using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace PsIpc.Binding;

/// <summary>Offers the names of the fields of the view that is given.</summary>
public sealed class MemoryFieldCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        // At position 0 PowerShell does not know yet which parameter it is.
        boundParameters.Values.Cast<object?>().Select(one => one is PSObject wrapper ? wrapper.BaseObject : one).OfType<SharedMemoryView>()
            .SelectMany(view => view.Layout).Select(field => (field.Name, field.Type));
}
