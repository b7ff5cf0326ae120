using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the names of the POSIX semaphores there are.</summary>
public sealed class PosixSemaphoreNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.PosixSemaphore).Select(semaphore => (semaphore.Name, ToolTipOf(semaphore)));
}
