using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the names of the POSIX queues there are.</summary>
public sealed class PosixQueueNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.PosixMessageQueue).Select(queue => (queue.Name, ToolTipOf(queue)));
}
