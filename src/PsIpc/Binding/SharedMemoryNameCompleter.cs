using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the names of the POSIX shared memory objects there are.</summary>
public sealed class SharedMemoryNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.PosixSharedMemory).Select(memory => (memory.Name, ToolTipOf(memory)));
}
