using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the indexes of the set that is given.</summary>
public sealed class SemaphoreIndexCompleter : SemaphoreSetCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Enumerable.Range(0, SetIn(boundParameters)?.Count ?? 0).Select(index => (index.ToString(CultureInfo.InvariantCulture), StateOf(SetIn(boundParameters)!, index)));
}
