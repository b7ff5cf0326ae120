using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the ids of the System V queues there are.</summary>
public sealed class SysVQueueIdCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.SysVMessageQueue).Select(queue => (queue.IdText, ToolTipOf(queue)));
}
