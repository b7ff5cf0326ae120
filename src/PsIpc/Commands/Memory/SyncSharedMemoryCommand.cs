using System.Management.Automation;
using PsIpc.Binding;

namespace PsIpc.Commands;

/// <summary>Writes to the disk what was written to a file by way of memory: msync(2), fdatasync(2).</summary>
[Cmdlet(VerbsData.Sync, "SharedMemory", DefaultParameterSetName = AddressSets.Name)]
public sealed class SyncSharedMemoryCommand : SharedMemoryCommand
{
    /// <summary>The view, or the memory, as Open-SharedMemory, New-SharedMemory or Get-IpcObject emits it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Memory)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    [ValidateSharedMemory]
    public object? Memory { get; set; }

    private protected override object? Subject => Memory;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Use(canWrite: false, (memory, address) =>
    {
        if (memory.View is { } view)
        {
            view.Synchronize();
        }
        else if (memory.Object is { } opened)
        {
            opened.Synchronize();
        }
        else
        {
            _ = memory.Whole.Length; // that there is such a segment
            WriteVerbose($"{address.Name}: has no disk to be written to.");
        }
    });
}
