using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native.Memory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Changes a number in shared memory in one step that no other process can get between, and tells what it was before.</summary>
[Cmdlet(VerbsData.Update, "SharedMemory", DefaultParameterSetName = AddressSets.Name, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(int), typeof(uint), typeof(long), typeof(ulong))]
public sealed class UpdateSharedMemoryCommand : PipedSharedMemoryCommand
{
    private const string DefaultType = "int64";
    private const int MostNames = 20;

    /// <summary>Where the number is, in bytes; a multiple of its width. 0 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Offset { get; set; }

    /// <summary>The field of the view's layout that is the number: says where it is and of what type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemoryFieldCompleter))]
    public string? Field { get; set; }

    /// <summary>Its type: int32, uint32, int64 or uint64. int64 unless said otherwise.</summary>
    [Parameter]
    [ValidateMemoryForm(IsCell = true)]
    [ArgumentCompleter(typeof(MemoryCellCompleter))]
    public string? As { get; set; }

    /// <summary>What to add to it; it wraps around at the ends of its type.</summary>
    [Parameter]
    public object? Add { get; set; }

    /// <summary>What to put there.</summary>
    [Parameter]
    public object? Exchange { get; set; }

    /// <summary>What to put there if it is -Expected; where the number that is emitted is another, nothing was changed.</summary>
    [Parameter]
    public object? CompareExchange { get; set; }

    /// <summary>What -CompareExchange expects to find.</summary>
    [Parameter]
    public object? Expected { get; set; }

    /// <summary>How often to do it, each time a step of its own; emits as many numbers. 1 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? Count { get; set; }

    private (MemoryUpdate Update, object? Value)? Operation =>
        Add is not null ? (MemoryUpdate.Add, Add)
        : Exchange is not null ? (MemoryUpdate.Exchange, Exchange)
        : CompareExchange is not null ? (MemoryUpdate.CompareExchange, CompareExchange)
        : null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(Add), nameof(Exchange));
        RefuseTogether(nameof(Add), nameof(CompareExchange));
        RefuseTogether(nameof(Exchange), nameof(CompareExchange));
        RefuseTogether(nameof(Field), nameof(Offset));
        RefuseTogether(nameof(Field), nameof(As));
        if (Operation is null || (CompareExchange is null) != (Expected is null))
        {
            ThrowTerminatingError(Failure.Of("UpdateUnclear", ErrorCategory.InvalidArgument, null));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Use(canWrite: true, (memory, address) =>
    {
        if (Find(address) is not (long offset, MemoryType type)
            || Number(Operation!.Value.Value, type, address) is not { } value || Number(Expected ?? 0, type, address) is not { } expected)
        {
            return;
        }

        long size = memory.Bytes.Length;
        if (offset > size - type.Size)
        {
            WriteRangeError(address, offset, type.Size, size);
            return;
        }

        MemoryUpdate update = Operation.Value.Update;
        if (!ShouldProcess(address.Name, string.Create(CultureInfo.InvariantCulture, $"{update} {Operation.Value.Value} at {offset}")))
        {
            return;
        }

        for (long i = Count ?? 1; i > 0 && !Waiter.IsCancelled; i--)
        {
            long old = memory.Whole.Update(offset, type.Size, update, value, expected);
            WriteObject(type.Name switch
            {
                "int32" => (int)old,
                "uint32" => (uint)old,
                "uint64" => (ulong)old,
                _ => old,
            });
        }
    });

    /// <summary>Where the number is, and of what type; null with the error.</summary>
    private (long Offset, MemoryType Type)? Find(MemoryAddress address)
    {
        if (Field is null)
        {
            return (Offset ?? 0, MemoryType.Find(As ?? DefaultType)!);
        }

        MemoryLayout? layout = (address.Target as SharedMemoryView)?.Declared;
        MemoryField? found = layout?.Locate(Field);
        if (found is { Count: null, Type: { } type } && ValidateMemoryFormAttribute.IsCellType(type))
        {
            return (found.Offset, type);
        }

        WriteError(layout is null ? Failure.Of("ViewHasNoLayout", ErrorCategory.InvalidArgument, address.Target, ("value", Field))
            : found is null ? Failure.Of("FieldNotFound", ErrorCategory.ObjectNotFound, address.Target, ("value", Field), ("names", Names(layout)))
            : Failure.Of("FieldNotCell", ErrorCategory.InvalidType, address.Target, ("value", Field), ("type", found.TypeName)));
        return null;
    }

    /// <summary>The fields that can be updated; of a layout without any, those that it has.</summary>
    private static string Names(MemoryLayout layout)
    {
        string[] cells = [.. MemoryFieldCompleter.CellsOf(layout).Take(MostNames + 1).Select(field => field.Name)];
        return cells.Length == 0 ? string.Join(", ", layout.Fields.Select(field => field.Name))
            : string.Join(", ", cells.Take(MostNames)) + (cells.Length > MostNames ? ", …" : "");
    }

    /// <summary>The bits of a number: it has to fit the type, with or without sign; null with the error.</summary>
    private long? Number(object? value, MemoryType type, MemoryAddress address)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        object? number = bare is bool or char ? null
            : MemoryNumber.Convert(bare, type) ?? MemoryNumber.Convert(bare, Counterpart(type));
        if (number is not null)
        {
            return number is ulong bits ? unchecked((long)bits) : Convert.ToInt64(number, CultureInfo.InvariantCulture);
        }

        WriteError(Failure.Of("NumberRefused", ErrorCategory.InvalidArgument, address.Target, ("value", value ?? "$null"), ("type", type.Name)));
        return null;
    }

    /// <summary>The type of the same width with a sign, or without.</summary>
    private static MemoryType Counterpart(MemoryType type) => MemoryType.Find(type.Name[0] == 'u' ? type.Name[1..] : "u" + type.Name)!;
}
