using System.Collections;
using System.Collections.Generic;

namespace PsIpc.Binding;

/// <summary>Offers the permissions that are used most.</summary>
public sealed class ModeCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
    [
        ("0600", "rw------- the owner alone"),
        ("0620", "rw--w---- the group may send"),
        ("0640", "rw-r----- the group may receive and look"),
        ("0660", "rw-rw---- the group may do what the owner may"),
        ("0622", "rw--w--w- everybody may send"),
        ("0666", "rw-rw-rw- everybody may do everything"),
    ];
}
