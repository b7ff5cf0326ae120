using System.Collections;
using System.Collections.Generic;
using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the groups of this machine, as /etc/group has them: group(5). Others, of a directory service, can be typed.</summary>
public sealed class GroupNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) => Accounts.LocalGroups();
}
