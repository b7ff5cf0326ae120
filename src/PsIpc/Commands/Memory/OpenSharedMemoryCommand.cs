using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Maps shared memory into this process, where its bytes and fields are at hand: mmap(2), shmat(2).</summary>
[Cmdlet(VerbsCommon.Open, "SharedMemory", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(SharedMemoryView))]
public sealed class OpenSharedMemoryCommand : PipedSharedMemoryCommand
{
    /// <summary>Where the view begins, in bytes; 0 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Offset { get; set; }

    /// <summary>How many bytes it shows; those of the layout, or all up to the end, unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? Length { get; set; }

    /// <summary>Only to be read.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>What is written is seen by nobody else, and gone with the view (MAP_PRIVATE).</summary>
    [Parameter]
    public SwitchParameter CopyOnWrite { get; set; }

    /// <summary>The fields, in their order: [ordered]@{ Count = 'int64'; Name = 'char[32]' }, or as C has them: 'int64 Count; char Name[32]'.</summary>
    [Parameter]
    [MemoryLayoutTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemoryLayoutCompleter))]
    public object? Layout { get; set; }

    /// <summary>Leaves no room between the fields, where C would align them.</summary>
    [Parameter]
    public SwitchParameter Packed { get; set; }

    private long Begin => Offset ?? 0;

    private MemoryShare Share => CopyOnWrite ? MemoryShare.CopyOnWrite : ReadOnly ? MemoryShare.ReadOnly : MemoryShare.ReadWrite;

    /// <inheritdoc/>
    protected override void BeginProcessing() => RefuseTogether(nameof(ReadOnly), nameof(CopyOnWrite));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        MemoryLayout? layout = Layout is null ? null : MemoryLayoutTransformationAttribute.Make(Layout, Packed);
        Use(Share == MemoryShare.ReadWrite, (memory, address) =>
        {
            if (memory.View is not null)
            {
                WriteError(Failure.Of("ViewOpenAlready", ErrorCategory.InvalidArgument, address.Target, ("target", address.Name)));
                return;
            }

            if (memory.Segment is not null && CopyOnWrite)
            {
                WriteError(Failure.Of("CopyOnWriteNeedsFile", ErrorCategory.InvalidArgument, address.Target, ("target", address.Name)));
                return;
            }

            long? size = memory.Object?.Length;
            long? length = Length ?? layout?.Size ?? (size - Begin);
            if (layout?.Size > length)
            {
                WriteError(Failure.Of(
                    "LayoutLongerThanView", ErrorCategory.InvalidArgument, address.Target, ("target", address.Name), ("size", layout.Size), ("length", length)));
                return;
            }

            if (size is { } bytes && (length <= 0 || Begin > bytes - length))
            {
                WriteRangeError(address, Begin, length ?? 0, bytes);
                return;
            }

            WriteObject(new SharedMemoryView(Map(memory, length), layout)
            {
                Kind = address.Kind,
                Name = address.Label,
                Access = Share.ToString(),
                Offset = Begin,
            });
        });
    }

    private MemoryView Map(OpenMemory memory, long? length)
    {
        if (memory.Segment is { } id)
        {
            return MemoryView.Attach(id, ReadOnly, Begin, length);
        }

        try
        {
            return memory.Object!.Map(Share, Begin, length!.Value);
        }
        catch (IpcException e) when (e.Call == "mmap(range)")
        {
            throw new IpcException("memory", Errno.EFAULT); // it has become shorter since
        }
    }
}
