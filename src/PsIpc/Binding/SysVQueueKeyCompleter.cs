using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the keys of the System V queues there are.</summary>
public sealed class SysVQueueKeyCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.SysVMessageQueue).Cast<SysVMessageQueue>().Where(queue => queue.Key != 0).Select(queue => (queue.Name, ToolTipOf(queue)));
}
