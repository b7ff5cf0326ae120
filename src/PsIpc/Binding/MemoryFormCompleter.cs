using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the forms and types that memory is read and written in.</summary>
public sealed class MemoryFormCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        ValidateMemoryFormAttribute.Names.Select(name => (name, name));
}
