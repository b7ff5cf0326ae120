using System.Management.Automation;
using PsIpc.Binding;

namespace PsIpc.Commands;

/// <summary>Works on shared memory that comes from the pipeline as well; where the pipeline brings what is written, the memory does not come from there.</summary>
public abstract class PipedSharedMemoryCommand : SharedMemoryCommand
{
    /// <summary>The view, or the memory, as Open-SharedMemory, New-SharedMemory or Get-IpcObject emits it; a handle or the number of a descriptor.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Memory)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    [ValidateSharedMemory]
    public object? Memory { get; set; }

    /// <inheritdoc/>
    private protected sealed override object? Subject => Memory;
}
