using System.Collections;
using System.Collections.Generic;
using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the users of this machine, as /etc/passwd has them: passwd(5). Others, of a directory service, can be typed.</summary>
public sealed class UserNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) => Accounts.LocalUsers();
}
