using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the ids of the System V semaphore sets there are.</summary>
public sealed class SysVSemaphoreIdCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.SysVSemaphore).Select(set => (set.IdText, ToolTipOf(set)));
}
