using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native.Inventory;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Changes permissions, owner and room of IPC objects: IPC_SET of msgctl(2), shmctl(2) and semctl(2), SHM_LOCK, fchmod(2), fchown(2).</summary>
[Cmdlet(VerbsCommon.Set, "IpcObject", DefaultParameterSetName = AddressSets.Object, SupportsShouldProcess = true)]
[OutputType(typeof(SysVMessageQueue))]
[OutputType(typeof(SysVSharedMemory))]
[OutputType(typeof(SysVSemaphore))]
[OutputType(typeof(PosixMessageQueue))]
[OutputType(typeof(PosixSharedMemory))]
[OutputType(typeof(PosixSemaphore))]
[OutputType(typeof(Fifo))]
[OutputType(typeof(UnixSocket))]
public sealed class SetIpcObjectCommand : ChangeObjectCommand
{
    private uint? _uid;
    private uint? _gid;
    private bool? _locked;

    /// <summary>The new permissions, exactly: octal digits, rw-r----- or u=rw,g=r.</summary>
    [Parameter]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>The new owner, by name or number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public string? Owner { get; set; }

    /// <summary>The new group, by name or number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string? Group { get; set; }

    /// <summary>Bytes of data that a System V queue holds at most; above kernel.msgmnb it takes CAP_SYS_RESOURCE.</summary>
    [Parameter]
    [ValidateRange(1L, (long)int.MaxValue)] // the kernel would cut what is above
    public long? MaxBytes { get; set; }

    /// <summary>Keeps a System V segment in memory, so that it is never swapped; -Locked:$false lets it be swapped again (SHM_LOCK, SHM_UNLOCK).</summary>
    [Parameter]
    public SwitchParameter Locked { get; set; }

    /// <summary>Emits the objects as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override long? RequestedMaxBytes => MaxBytes;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _locked = MyInvocation.BoundParameters.ContainsKey(nameof(Locked)) ? Locked : null;
        if (Mode is null && Owner is null && Group is null && MaxBytes is null && _locked is null)
        {
            ThrowTerminatingError(Failure.Of("NothingToSet", ErrorCategory.InvalidArgument, null));
        }

        if (Owner is not null && (_uid = Accounts.FindUser(Owner)) is null)
        {
            ThrowTerminatingError(Failure.Of("OwnerNotFound", ErrorCategory.ObjectNotFound, Owner, ("value", Owner)));
        }

        if (Group is not null && (_gid = Accounts.FindGroup(Group)) is null)
        {
            ThrowTerminatingError(Failure.Of("GroupNotFound", ErrorCategory.ObjectNotFound, Group, ("value", Group)));
        }
    }

    private protected override void Change(InventoryContext context, IpcObject subject, string name)
    {
        KindOperations operations = AllKinds.Of(subject);
        string? misplaced = MaxBytes is not null && !operations.HasMaxBytes ? nameof(MaxBytes)
            : _locked is not null && !operations.HasLocked ? nameof(Locked)
            : operations.HasOwner(subject) ? null
            : Mode is not null ? nameof(Mode)
            : Owner is not null ? nameof(Owner)
            : Group is not null ? nameof(Group)
            : null;
        if (misplaced is not null)
        {
            WriteError(Failure.Of(
                "AttributeNotApplicable", ErrorCategory.InvalidArgument, subject, ("target", name), ("parameter", misplaced)));
            return;
        }

        if (!ShouldProcess(name, "Set"))
        {
            return;
        }

        operations.Set(subject, new AttributeChange(_uid, _gid, Mode, MaxBytes, _locked));
        if (PassThru && operations.Refresh(context, subject) is { } changed)
        {
            WriteObject(changed is SysVSharedMemory segment ? operations.FindById(context, segment.Id) ?? changed : changed);
        }
    }
}
