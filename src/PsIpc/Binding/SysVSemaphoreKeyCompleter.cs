using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the keys of the System V semaphore sets there are.</summary>
public sealed class SysVSemaphoreKeyCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.SysVSemaphore).Cast<SysVSemaphore>().Where(set => set.Key != 0).Select(set => (set.Name, ToolTipOf(set)));
}
