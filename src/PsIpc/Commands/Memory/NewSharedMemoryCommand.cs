using System;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Makes shared memory: shm_open(3), shmget(2), a file, memfd_create(2).</summary>
[Cmdlet(VerbsCommon.New, "SharedMemory", DefaultParameterSetName = AddressSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(PosixSharedMemory))]
[OutputType(typeof(SysVSharedMemory))]
[OutputType(typeof(FileMapping))]
[OutputType(typeof(AnonymousMemory))]
public sealed class NewSharedMemoryCommand : IpcCommand
{
    /// <summary>The name of the new POSIX object, with its slash: /frames.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateSharedMemoryName]
    public string Name { get; set; } = "";

    /// <summary>The key of the new System V segment.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    public IpcKey Key { get; set; }

    /// <summary>Makes a System V segment without a key (IPC_PRIVATE): others reach it by its id alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Private)]
    public SwitchParameter Private { get; set; }

    /// <summary>The new file, for those who map it to share it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Makes memory without a name: a handle, whose descriptor is passed on to others.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Anonymous)]
    public SwitchParameter Anonymous { get; set; }

    /// <summary>Bytes: 4096, 64KB, 1MB.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(1, long.MaxValue)]
    public long Size { get; set; }

    /// <summary>Its permissions, exactly: octal digits, rw-r----- or u=rw,g=r. 0600 unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Name)]
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Private)]
    [Parameter(ParameterSetName = AddressSets.Path)]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>Opens the memory where there is some already, with the mode and size it has; less than -Size is an error.</summary>
    [Parameter(ParameterSetName = AddressSets.Name)]
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Path)]
    public SwitchParameter OpenExisting { get; set; }

    /// <summary>Leaves it to the first touch of each page to find memory for it, instead of reserving all now.</summary>
    [Parameter]
    public SwitchParameter Sparse { get; set; }

    /// <summary>Takes huge pages, which the administrator has to have set aside; -Size is then a multiple of theirs.</summary>
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Private)]
    [Parameter(ParameterSetName = AddressSets.Anonymous)]
    public SwitchParameter HugePages { get; set; }

    /// <summary>What /proc is to show the memory as; "psipc" unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Anonymous)]
    [ValidateMemoryLabel]
    public string Label { get; set; } = "psipc";

    /// <summary>What is never to be done with it: become shorter or longer, be written to, get further seals.</summary>
    [Parameter(ParameterSetName = AddressSets.Anonymous)]
    [ValidateSet(nameof(MemorySeals.Shrink), nameof(MemorySeals.Grow), nameof(MemorySeals.Write), nameof(MemorySeals.FutureWrite), nameof(MemorySeals.Seal))]
    [ValidateNotNullOrEmpty]
    public string[] Seal { get; set; } = [];

    private int ModeBits => (Mode ?? PermissionMode.OwnerOnly).Bits;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case AddressSets.Anonymous:
                MakeAnonymous();
                break;
            case AddressSets.Private:
                int? made = null;
                Make(
                    "private System V shared memory segment", "IPC_PRIVATE",
                    () => made is { } id ? AllKinds.Of(IpcKind.SysVSharedMemory).FindById(new InventoryContext(), id) : null,
                    () => made = SysVSegment.Create(null, Size, ModeBits, HugePages, Sparse));
                break;
            case AddressSets.Key:
                Make(
                    MemoryAddress.OfKey(Key).Name, Key,
                    () => AllKinds.Of(IpcKind.SysVSharedMemory).FindByKey(new InventoryContext(), Key),
                    () => SysVSegment.Create(Key.ToInt32(), Size, ModeBits, HugePages, Sparse));
                break;
            case AddressSets.Path:
                string path = ResolveNewPath(Path);
                Make(
                    MemoryAddress.OfPath(path).Name, Path, () => MappedFile.Find(path),
                    () => MemoryObject.CreateFile(path, Size, ModeBits, Sparse, Waiter).Dispose(),
                    () => MemoryObject.OpenFile(path, canWrite: false).Dispose());
                break;
            default:
                Make(
                    MemoryAddress.OfName(Name).Name, Name,
                    () => AllKinds.Of(IpcKind.PosixSharedMemory).FindByName(new InventoryContext(), Name),
                    () => MemoryObject.CreatePosix(Name, Size, ModeBits, Sparse, Waiter).Dispose(),
                    () => MemoryObject.OpenPosix(Name, canWrite: false).Dispose());
                break;
        }
    }

    /// <param name="name">What to call it.</param>
    /// <param name="target">What the user gave.</param>
    /// <param name="find">Describes what there is already.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="open">Fails where something else has its name; null where nothing else can.</param>
    private void Make(string name, object target, Func<IpcObject?> find, Action create, Action? open = null)
    {
        try
        {
            if (OpenExisting && find() is { } existing)
            {
                Open(existing, name, target);
                return;
            }

            if (!ShouldProcess(name, $"Create with {HumanSize.Format(Size)}"))
            {
                return;
            }

            Create(create, open);

            // Null when somebody has removed it again in between.
            if (find() is { } made)
            {
                WriteObject(made);
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST && find() is { } existing)
        {
            Open(existing, name, target); // another process made it first
        }
        catch (IpcException e)
        {
            WriteFailure(e, target, name, ("size", Size));
        }
    }

    /// <summary>What has the name and is no shared memory cannot be opened either: then that is the error.</summary>
    private void Create(Action create, Action? open)
    {
        try
        {
            create();
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST)
        {
            open?.Invoke();
            throw;
        }
    }

    private void Open(IpcObject existing, string name, object target)
    {
        if (existing.Size < Size)
        {
            WriteError(Failure.Of("SharedMemoryTooSmall", ErrorCategory.InvalidArgument, target, ("target", name), ("size", existing.Size), ("length", Size)));
            return;
        }

        WriteVerbose($"{name}: exists already.");
        WriteObject(existing);
    }

    private void MakeAnonymous()
    {
        const string name = "anonymous memory";
        if (!ShouldProcess(name, $"Create with {HumanSize.Format(Size)}"))
        {
            return;
        }

        try
        {
            MemoryObject memory = MemoryObject.CreateAnonymous(Label, Size, HugePages, Sparse, Waiter);
            try
            {
                MemorySeals seals = Seal.Aggregate(MemorySeals.None, (all, one) => all | Enum.Parse<MemorySeals>(one, ignoreCase: true));
                if (seals != MemorySeals.None)
                {
                    memory.AddSeals(seals);
                }
            }
            catch
            {
                memory.Dispose();
                throw;
            }

            WriteObject(new AnonymousMemory(memory, Label));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (IpcException e)
        {
            WriteFailure(e, Label, name, ("size", Size));
        }
    }
}
