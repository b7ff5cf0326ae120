using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the keys of the System V shared memory segments there are.</summary>
public sealed class SysVSharedMemoryKeyCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.SysVSharedMemory).Cast<SysVSharedMemory>().Where(segment => segment.Key != 0).Select(segment => (segment.Name, ToolTipOf(segment)));
}
