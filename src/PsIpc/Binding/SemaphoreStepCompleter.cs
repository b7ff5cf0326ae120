using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the operations on each semaphore of the set that is given; without one, those on the first.</summary>
public sealed class SemaphoreStepCompleter : SemaphoreSetCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Enumerable.Range(0, SetIn(boundParameters)?.Count ?? 1).SelectMany(index => ((string, string)[])
        [
            ($"{index}:-1", $"take one from semaphore {index}"),
            ($"{index}:+1", $"give one to semaphore {index}"),
            ($"{index}:0", $"wait until semaphore {index} is 0"),
        ]);
}
