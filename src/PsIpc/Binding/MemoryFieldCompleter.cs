using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the names of the fields of the view that is given.</summary>
public sealed class MemoryFieldCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        (boundParameters["Memory"] is System.Management.Automation.PSObject wrapper ? wrapper.BaseObject : boundParameters["Memory"]) is SharedMemoryView { Struct: { } fields }
            ? fields.Declared.Select(field => (field.Name, field.TypeName)) : [];
}
