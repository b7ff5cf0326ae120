using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Gives shared memory another size: ftruncate(2).</summary>
[Cmdlet(VerbsCommon.Resize, "SharedMemory", DefaultParameterSetName = AddressSets.Name, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PosixSharedMemory))]
[OutputType(typeof(FileMapping))]
[OutputType(typeof(AnonymousMemory))]
public sealed class ResizeSharedMemoryCommand : PipedSharedMemoryCommand
{
    /// <summary>Bytes it is to have: 4096, 64KB, 1MB. What lies beyond is lost.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(0, long.MaxValue)]
    public long Size { get; set; }

    /// <summary>Leaves it to the first touch of each further page to find memory for it, instead of reserving all now.</summary>
    [Parameter]
    public SwitchParameter Sparse { get; set; }

    /// <summary>Emits the memory as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Use(canWrite: true, (memory, address) =>
    {
        if (memory.Object is not { } opened)
        {
            WriteError(Failure.Of("MemoryNotResizable", ErrorCategory.InvalidOperation, address.Target, ("target", address.Name)));
            return;
        }

        if (!ShouldProcess(address.Name, $"Resize to {HumanSize.Format(Size)}"))
        {
            return;
        }

        opened.Resize(Size, Sparse, Waiter);
        if (PassThru && (address.Target is AnonymousMemory ? address.Target : Find(address)) is { } now)
        {
            WriteObject(now);
        }
    });

    private static IpcObject? Find(MemoryAddress address) => address.Kind switch
    {
        nameof(IpcKind.PosixSharedMemory) => AllKinds.Of(IpcKind.PosixSharedMemory).FindByName(new InventoryContext(), address.Label),
        nameof(IpcKind.FileMapping) => MappedFile.Find(address.Label),
        _ => null,
    };
}
