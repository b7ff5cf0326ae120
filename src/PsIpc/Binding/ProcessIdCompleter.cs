using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the processes there are, by their ids.</summary>
public sealed class ProcessIdCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        ProcessScan.Processes().Select(process => (process.ProcessId.ToString(CultureInfo.InvariantCulture), process.Name));
}
