using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Native.Memory;

namespace PsIpc.Binding;

/// <summary>Offers the fields of the view that is given which are numbers that can be updated.</summary>
public sealed class MemoryFieldCompleter : IpcCompleter
{
    /// <summary>Of longer arrays the first element is offered alone.</summary>
    private const int LongestArray = 16;
    private const int MostOffered = 500;

    /// <summary>The fields of a layout that are numbers which can be updated.</summary>
    internal static IEnumerable<MemoryField> CellsOf(MemoryLayout layout) =>
        layout.Singles(LongestArray).Where(field => field is { Count: null, Type: { } type } && ValidateMemoryFormAttribute.IsCellType(type));

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        // At position 0 PowerShell does not know yet which parameter it is.
        boundParameters.Values.Cast<object?>().Select(one => one is PSObject wrapper ? wrapper.BaseObject : one).OfType<SharedMemoryView>()
            .SelectMany(view => view.Declared is { } layout ? CellsOf(layout).Take(MostOffered) : []).Select(field => (field.Name, field.TypeName));
}
