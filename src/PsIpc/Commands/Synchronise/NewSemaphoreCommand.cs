using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.SysV;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;
using NativePosix = PsIpc.Native.Posix.PosixSemaphore;

namespace PsIpc.Commands;

/// <summary>Makes a semaphore: sem_open(3), semget(2).</summary>
[Cmdlet(VerbsCommon.New, "Semaphore", DefaultParameterSetName = AddressSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(PosixSemaphore))]
[OutputType(typeof(SysVSemaphore))]
public sealed class NewSemaphoreCommand : IpcCommand
{
    /// <summary>The name of the new POSIX semaphore, with its slash: /gate.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateSemaphoreName]
    public string Name { get; set; } = "";

    /// <summary>The key of the new System V set.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    public IpcKey Key { get; set; }

    /// <summary>Makes a System V set without a key (IPC_PRIVATE): others reach it by its id alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Private)]
    public SwitchParameter Private { get; set; }

    /// <summary>An existing file to make the key of a System V set from, as ftok(3) does.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The number from 1 to 255, or the character, that goes into the key beside the file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ProjectIdTransformation]
    public byte ProjectId { get; set; }

    /// <summary>How many semaphores the System V set has; 1 unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Private)]
    [Parameter(ParameterSetName = AddressSets.Path)]
    [ValidateRange(1, ushort.MaxValue)]
    public int? Count { get; set; }

    /// <summary>The value it begins with, 1 unless said otherwise; of a set one for all its semaphores, or one for each.</summary>
    [Parameter]
    [ValidateRange(0, NativePosix.MaxValue)]
    [ValidateNotNullOrEmpty]
    public int[]? InitialCount { get; set; }

    /// <summary>Its permissions, exactly: octal digits, rw-r----- or u=rw,g=r. 0600 unless said otherwise.</summary>
    [Parameter]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>Opens the semaphore where there is one already, with the mode and value it has.</summary>
    [Parameter(ParameterSetName = AddressSets.Name)]
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Path)]
    public SwitchParameter OpenExisting { get; set; }

    private int ModeBits => (Mode ?? PermissionMode.OwnerOnly).Bits;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == AddressSets.Name)
        {
            int[] values = InitialCount ?? [1];
            if (values.Length != 1)
            {
                ThrowTerminatingError(Failure.Of("PosixSemaphoreIsOne", ErrorCategory.InvalidArgument, InitialCount, ("target", Name)));
            }

            SemaphoreAddress address = SemaphoreAddress.OfName(Name);
            Make(address, () => AllKinds.Of(IpcKind.PosixSemaphore).FindByName(new InventoryContext(), Name), () =>
                Create(Name, values[0]));
            return;
        }

        int[] initial = InitialValues();
        if (Private)
        {
            SysVSemaphoreSet? made = null;
            Make(
                new SemaphoreAddress("private System V semaphore set", "IPC_PRIVATE"),
                () => made is { } set ? AllKinds.Of(IpcKind.SysVSemaphore).FindById(new InventoryContext(), set.Id) : null,
                () => made = SysVSemaphoreSet.CreatePrivate(initial, ModeBits));
            return;
        }

        IpcKey key = ParameterSetName == AddressSets.Path ? KeyOfFile() : Key;
        Make(
            SemaphoreAddress.OfKey(key),
            () => AllKinds.Of(IpcKind.SysVSemaphore).FindByKey(new InventoryContext(), key),
            () => SysVSemaphoreSet.Create(key.ToInt32(), initial, ModeBits));
    }

    /// <summary>What has the name and is no semaphore cannot be opened either: then that is the error.</summary>
    private void Create(string name, int value)
    {
        try
        {
            NativePosix.Create(name, value, ModeBits).Dispose();
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST)
        {
            NativePosix.Open(name).Dispose();
            throw;
        }
    }

    private void Make(SemaphoreAddress address, Func<IpcObject?> find, Action create)
    {
        try
        {
            if (OpenExisting && TryOpen(address, find) is { } existing)
            {
                WriteVerbose($"{address.Name}: exists already.");
                WriteExisting(address, existing);
                return;
            }

            if (!ShouldProcess(address.Name, "Create"))
            {
                return;
            }

            create();

            // Null when somebody has removed it again in between.
            if (find() is { } made)
            {
                WriteObject(made);
            }
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST && TryOpen(address, find) is { } existing)
        {
            WriteExisting(address, existing); // another process made it first
        }
        catch (IpcException e)
        {
            WriteFailure(e, address.Target, address.Name, ("count", Count ?? 1));
        }
    }

    /// <summary>A set with fewer semaphores than were asked for will not do: EINVAL of semget(2).</summary>
    private void WriteExisting(in SemaphoreAddress address, IpcObject existing)
    {
        if (existing is SysVSemaphore { Count: var count } && Count > count)
        {
            WriteError(Failure.Of("SemaphoreSetTooSmall", ErrorCategory.InvalidArgument, address.Target, ("target", address.Name), ("count", count), ("size", Count)));
            return;
        }

        WriteObject(existing);
    }

    /// <summary>The semaphore that is there already, complete; a set that another process is just making is waited for.</summary>
    private IpcObject? TryOpen(in SemaphoreAddress address, Func<IpcObject?> find)
    {
        if (find() is not { } existing)
        {
            return null;
        }

        if (existing is SysVSemaphore { OperationTime: null } set)
        {
            _ = new SysVSemaphoreSet(set.Id).WaitUntilMade(Waiter);
            if (Waiter.IsCancelled)
            {
                throw new PipelineStoppedException();
            }

            WriteVerbose($"{address.Name}: waited until it had its values.");
            return find();
        }

        return existing;
    }

    private int[] InitialValues()
    {
        int count = Count ?? 1;
        int[] values = InitialCount ?? [1];
        if (values.Length != 1 && values.Length != count)
        {
            ThrowTerminatingError(Failure.Of(
                "SemaphoreCountsDiffer", ErrorCategory.InvalidArgument, InitialCount, ("count", values.Length), ("indexes", count)));
        }

        int[] initial = new int[count];
        for (int i = 0; i < count; i++)
        {
            initial[i] = values[values.Length == 1 ? 0 : i];
        }

        return initial;
    }

    private IpcKey KeyOfFile()
    {
        string path = ResolveNewPath(Path);
        try
        {
            return new IpcKey(SysVKey.FromFile(path, ProjectId));
        }
        catch (IpcException e)
        {
            ThrowFailure(e, Path, path);
            throw;
        }
    }
}
