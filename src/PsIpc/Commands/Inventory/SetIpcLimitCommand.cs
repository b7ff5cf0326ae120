using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Sets a limit of inter-process communication until the next start of the system, or for this process: sysctl(8), setrlimit(2).</summary>
[Cmdlet(VerbsCommon.Set, "IpcLimit", SupportsShouldProcess = true)]
[OutputType(typeof(IpcLimitInfo))]
public sealed class SetIpcLimitCommand : IpcCommand
{
    /// <summary>The name, as Get-IpcLimit shows it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LimitNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The new value; sizes may be written as 1MB.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(0, long.MaxValue)]
    public long Value { get; set; }

    /// <summary>Emits the limit as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IpcLimit? limit = IpcLimit.All.FirstOrDefault(one => string.Equals(one.Name, Name, StringComparison.OrdinalIgnoreCase));
        if (limit is null || LimitInfo.Describe(limit) is not { } now)
        {
            WriteError(Failure.Of("LimitNotFound", ErrorCategory.ObjectNotFound, Name, ("target", Name)));
            return;
        }

        if (!limit.IsSettable)
        {
            WriteError(Failure.Of("LimitIsConstant", ErrorCategory.InvalidOperation, limit.Name, ("target", limit.Name)));
            return;
        }

        string value = Value.ToString(CultureInfo.InvariantCulture);
        if (!ShouldProcess($"{limit.Name} ({now.ValueText})", $"Set to {value}"))
        {
            return;
        }

        try
        {
            limit.Set((ulong)Value);
        }
        catch (IpcException e)
        {
            WriteFailure(e, limit.Name, limit.Name, ("value", value), ("source", limit.Source), ("maximum", now.Maximum));
            return;
        }

        WriteWarning(limit.IsResource
            ? Sentences.Format("ResourceLimitNotLasting", ("target", limit.Name), ("value", value), ("item", ItemOf(limit.Name)))
            : Sentences.Format("LimitNotLasting", ("target", SysctlOf(limit)), ("value", limit.FormatForFile((ulong)Value).Replace('\t', ' '))));
        if (PassThru && LimitInfo.Describe(limit) is { } changed)
        {
            WriteObject(changed);
        }
    }

    /// <summary>What limits.conf(5) calls it.</summary>
    private static string ItemOf(string name) => name["RLIMIT_".Length..].ToLowerInvariant();

    /// <summary>What sysctl(8) calls it: of four in one file, the file.</summary>
    private static string SysctlOf(IpcLimit limit) => limit.Source["/proc/sys/".Length..].Replace('/', '.');
}
