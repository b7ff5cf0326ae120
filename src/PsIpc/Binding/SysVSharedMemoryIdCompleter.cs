using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the ids of the System V shared memory segments there are.</summary>
public sealed class SysVSharedMemoryIdCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.SysVSharedMemory).Select(segment => (segment.IdText, ToolTipOf(segment)));
}
