using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.SysV;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Sets the values of System V semaphores, whatever they were: semctl(2).</summary>
[Cmdlet(VerbsCommon.Set, "Semaphore", DefaultParameterSetName = AddressSets.Key, SupportsShouldProcess = true)]
[OutputType(typeof(SysVSemaphore))]
public sealed class SetSemaphoreCommand : IpcCommand
{
    /// <summary>The key of the set.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ArgumentCompleter(typeof(SysVSemaphoreKeyCompleter))]
    public IpcKey Key { get; set; }

    /// <summary>The set, as New-Semaphore or Get-IpcObject emits it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Semaphore)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    public SysVSemaphore? Semaphore { get; set; }

    /// <summary>The id of the set; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ArgumentCompleter(typeof(SysVSemaphoreIdCompleter))]
    [ValidateRange(0, int.MaxValue)]
    public int Id { get; set; }

    /// <summary>The values: one for each semaphore of the set, set at once; with -Index one for each of these, or one for all.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(0, SysVSemaphoreSet.MaxValue)]
    [ValidateNotNullOrEmpty]
    public int[] Value { get; set; } = [];

    /// <summary>Which semaphores of the set, from 0; set one after the other.</summary>
    [Parameter]
    [ValidateRange(0, ushort.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemaphoreIndexCompleter))]
    public int[]? Index { get; set; }

    /// <summary>Emits the set as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private SemaphoreAddress Address => ParameterSetName switch
    {
        AddressSets.Semaphore => SemaphoreAddress.OfRecord(Semaphore!),
        AddressSets.Id => SemaphoreAddress.OfId(Id),
        _ => SemaphoreAddress.OfKey(Key),
    };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SemaphoreAddress address = Address;
        try
        {
            using OpenSemaphore semaphore = address.Open(Waiter);
            SysVSemaphoreSet set = semaphore.Set;
            int expected = Index?.Length ?? set.Count();
            if (Value.Length != expected && (Index is null || Value.Length != 1))
            {
                WriteError(Failure.Of(
                    "SemaphoreValuesDiffer", ErrorCategory.InvalidArgument, address.Target,
                    ("target", address.Name), ("count", Value.Length), ("indexes", expected)));
                return;
            }

            if (!ShouldProcess(address.Name, "Set to " + string.Join(", ", Value)))
            {
                return;
            }

            Set(set);
            if (PassThru && AllKinds.Of(IpcKind.SysVSemaphore).FindById(new InventoryContext(), set.Id) is { } now)
            {
                WriteObject(now);
            }
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(address.Target, address.Name));
        }
        catch (IpcException e)
        {
            WriteFailure(e, address.Target, address.Name, ("who", Owners.Of(e, address.Target, IpcKind.SysVSemaphore, IpcKind.PosixSemaphore)));
        }
    }

    private void Set(SysVSemaphoreSet set)
    {
        if (Index is null)
        {
            set.SetValues(Value);
            return;
        }

        foreach ((int index, int value) in Index.Select((index, i) => (index, Value[Value.Length == 1 ? 0 : i])))
        {
            set.SetValue(index, value);
        }
    }
}
