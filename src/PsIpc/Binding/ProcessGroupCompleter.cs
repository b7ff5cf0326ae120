using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Signals;

namespace PsIpc.Binding;

/// <summary>Offers the process groups there are, by their ids: those of processes that lead one.</summary>
public sealed class ProcessGroupCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        ProcessScan.Processes().Where(process => SignalTarget.IsGroupLeader(process.ProcessId))
            .Select(process => (process.ProcessId.ToString(CultureInfo.InvariantCulture), $"the group of {process.Name}"));
}
