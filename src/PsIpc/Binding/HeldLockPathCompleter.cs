using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using PsIpc.Runtime;

namespace PsIpc.Binding;

/// <summary>Offers the files on which this runspace holds locks, whether their path is typed from the root or from here.</summary>
public sealed class HeldLockPathCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        RunspaceResources.OfCurrent<FileLockHold>().Where(hold => hold.IsHeld).GroupBy(hold => hold.Handle.Path)
            .Select(file => (file.Key, string.Join("; ", file.Select(hold => hold.Handle.ToString()))));

    /// <inheritdoc/>
    protected override bool Matches(string value, string word)
    {
        ArgumentNullException.ThrowIfNull(value);
        return string.IsNullOrEmpty(word) || value.StartsWith(Path.GetFullPath(word, new SessionState().Path.CurrentFileSystemLocation.Path), StringComparison.OrdinalIgnoreCase);
    }
}
