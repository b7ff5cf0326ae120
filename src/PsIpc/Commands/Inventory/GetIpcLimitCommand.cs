using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native.Inventory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Shows the limits of inter-process communication, and how much of each is used: ipcs -l, lsipc -g, ulimit, sysctl.</summary>
[Cmdlet(VerbsCommon.Get, "IpcLimit")]
[OutputType(typeof(IpcLimitInfo))]
public sealed class GetIpcLimitCommand : IpcCommand
{
    /// <summary>Names, as sysctl(8) and getrlimit(2) have them; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateWildcard]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LimitNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
            bool found = false;
            foreach (IpcLimitInfo limit in IpcLimit.All.Where(one => pattern.IsMatch(one.Name)).Select(LimitInfo.Describe).OfType<IpcLimitInfo>())
            {
                found = true;
                WriteObject(limit);
            }

            if (!found && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Failure.Of("LimitNotFound", ErrorCategory.ObjectNotFound, name, ("target", name)));
            }
        }
    }
}
