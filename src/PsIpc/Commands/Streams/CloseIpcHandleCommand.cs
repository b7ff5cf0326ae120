using System.Management.Automation;

namespace PsIpc.Commands;

/// <summary>Gives handles back: closes descriptors, unmaps views, unlocks files; close(2).</summary>
[Cmdlet(VerbsCommon.Close, "IpcHandle")]
public sealed class CloseIpcHandleCommand : IpcCommand
{
    /// <summary>The handles. One that is closed already is let be.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public IpcHandle[] Handle { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (IpcHandle handle in Handle)
        {
            WriteVerbose(handle.IsClosed ? $"{handle}: was closed already." : $"{handle}: closed.");
            handle.Dispose();
        }
    }
}
