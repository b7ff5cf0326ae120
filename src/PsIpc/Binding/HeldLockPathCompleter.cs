using System.Collections;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Runtime;

namespace PsIpc.Binding;

/// <summary>Offers the files on which this runspace holds locks.</summary>
public sealed class HeldLockPathCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        RunspaceResources.OfCurrent<FileLockHold>().Where(hold => hold.IsHeld).GroupBy(hold => hold.Handle.Path)
            .Select(file => (file.Key, string.Join("; ", file.Select(hold => hold.Handle.ToString()))));
}
