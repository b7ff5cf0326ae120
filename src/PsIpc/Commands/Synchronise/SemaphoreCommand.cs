using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Works on one semaphore, of either kind: what the cmdlets that enter and leave have in common.</summary>
public abstract class SemaphoreCommand : IpcCommand
{
    /// <summary>The name of a POSIX semaphore, with its slash: /gate.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateSemaphoreName]
    [ArgumentCompleter(typeof(PosixSemaphoreNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The semaphore, as New-Semaphore or Get-IpcObject emits it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Semaphore)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    [ValidateSemaphore]
    public IpcObject? Semaphore { get; set; }

    /// <summary>The key of a System V set.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ArgumentCompleter(typeof(SysVSemaphoreKeyCompleter))]
    public IpcKey Key { get; set; }

    /// <summary>The id of a System V set; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ArgumentCompleter(typeof(SysVSemaphoreIdCompleter))]
    [ValidateRange(0, int.MaxValue)]
    public int Id { get; set; }

    /// <summary>Which semaphores of a System V set, from 0: the first unless said otherwise. Several are operated on at once.</summary>
    [Parameter]
    [ValidateRange(0, ushort.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemaphoreIndexCompleter))]
    public int[]? Index { get; set; }

    /// <summary>The semaphore that the parameters address.</summary>
    private protected SemaphoreAddress Address => ParameterSetName switch
    {
        AddressSets.Key => SemaphoreAddress.OfKey(Key),
        AddressSets.Id => SemaphoreAddress.OfId(Id),
        AddressSets.Semaphore => Semaphore is PosixSemaphore posix ? SemaphoreAddress.OfRecord(posix) : SemaphoreAddress.OfRecord((SysVSemaphore)Semaphore!),
        _ => SemaphoreAddress.OfName(Name),
    };

    /// <summary>Finds the semaphore and checks that it can do what is asked for; what is wrong is told by an error record.</summary>
    /// <exception cref="SemaphoreRefusedException">There is none, or it cannot.</exception>
    private protected static OpenSemaphore Open(in SemaphoreAddress address, SemaphorePlan plan)
    {
        OpenSemaphore semaphore;
        try
        {
            semaphore = address.Open();
        }
        catch (ForeignObjectException e)
        {
            throw new SemaphoreRefusedException(e.ToErrorRecord(address.Target, address.Name));
        }
        catch (IpcException e)
        {
            throw new SemaphoreRefusedException(Failed(e, address));
        }

        if (semaphore.IsPosix && plan.NeedsSet is { } parameter)
        {
            semaphore.Dispose();
            throw new SemaphoreRefusedException(Failure.Of(
                "SemaphoreSetNeeded", ErrorCategory.InvalidArgument, address.Target, ("target", address.Name), ("parameter", parameter)));
        }

        return semaphore;
    }

    /// <summary>The record of a failed call on the semaphore.</summary>
    private protected static ErrorRecord Failed(IpcException failure, in SemaphoreAddress address) =>
        Failure.Of(failure, address.Target, address.Name, ("who", Owners.Of(failure, address.Target, IpcKind.SysVSemaphore, IpcKind.PosixSemaphore)));

    /// <summary>Ends the cmdlet; the compiler is told that nothing comes after.</summary>
    private protected Exception Terminated(ErrorRecord error)
    {
        ThrowTerminatingError(error);
        return new InvalidOperationException();
    }
}
