using System.Management.Automation;

namespace PsIpc.Commands;

/// <summary>Writes to the disk what was written to a file by way of memory: msync(2), fdatasync(2).</summary>
[Cmdlet(VerbsData.Sync, "SharedMemory", DefaultParameterSetName = AddressSets.Name)]
public sealed class SyncSharedMemoryCommand : PipedSharedMemoryCommand
{
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
