using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.SysV;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;
using NativeQueue = PsIpc.Native.SysV.SysVMessageQueue;

namespace PsIpc.Commands;

/// <summary>Makes a System V message queue: msgget(2).</summary>
[Cmdlet(VerbsCommon.New, "SysVMessageQueue", DefaultParameterSetName = AddressSets.Key, SupportsShouldProcess = true)]
[OutputType(typeof(SysVMessageQueue))]
public sealed class NewSysVMessageQueueCommand : IpcCommand
{
    /// <summary>The key of the new queue.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    public IpcKey Key { get; set; }

    /// <summary>Makes a queue without a key (IPC_PRIVATE): others reach it by its id alone.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Private)]
    public SwitchParameter Private { get; set; }

    /// <summary>An existing file to make the key from, as ftok(3) does.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The number from 1 to 255, or the character, that goes into the key beside the file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ProjectIdTransformation]
    public byte ProjectId { get; set; }

    /// <summary>Its permissions, exactly: octal digits, rw-r----- or u=rw,g=r. 0600 unless said otherwise.</summary>
    [Parameter]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>Bytes of data it holds at most; above kernel.msgmnb it takes CAP_SYS_RESOURCE.</summary>
    [Parameter]
    [ValidateRange(1L, (long)int.MaxValue)] // the kernel would cut what is above
    public long? MaxBytes { get; set; }

    /// <summary>Opens the queue where there is one already, with the mode and size it has.</summary>
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Path)]
    public SwitchParameter OpenExisting { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Private)
        {
            Create("private System V message queue", null);
            return;
        }

        IpcKey key = ParameterSetName == AddressSets.Path ? KeyOfFile() : Key;
        string name = $"System V message queue with the key {key}";
        if (OpenExisting && TryOpen(key) is { } existing)
        {
            WriteVerbose($"{name}: exists already, with the id {existing.Id}.");
            WriteObject(existing);
            return;
        }

        Create(name, key);
    }

    private static IpcObject? FindById(int id) =>
        AllKinds.Of(IpcKind.SysVMessageQueue).FindById(new InventoryContext(), id);

    private static SysVMessageQueue? TryOpen(IpcKey key) =>
        (SysVMessageQueue?)AllKinds.Of(IpcKind.SysVMessageQueue).FindByKey(new InventoryContext(), key);

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

    private void Create(string name, IpcKey? key)
    {
        if (!ShouldProcess(name, "Create"))
        {
            return;
        }

        int mode = (Mode ?? PermissionMode.OwnerOnly).Bits;
        try
        {
            NativeQueue queue = key is { } value ? NativeQueue.Create(value.ToInt32(), mode) : NativeQueue.CreatePrivate(mode);
            if (MaxBytes is not null)
            {
                SetRoom(queue);
            }

            // Null when somebody has removed it again in between.
            if (FindById(queue.Id) is { } made)
            {
                WriteObject(made);
            }
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST && key is { } value && TryOpen(value) is { } existing)
        {
            WriteObject(existing); // another process made it first
        }
        catch (IpcException e)
        {
            WriteFailure(e, key, name, ("maximum", MaxBytes));
        }
    }

    /// <summary>A queue that cannot have the room that was asked for is not left behind.</summary>
    private void SetRoom(NativeQueue queue)
    {
        try
        {
            queue.Set(null, null, null, MaxBytes);
        }
        catch (IpcException)
        {
            queue.Remove();
            throw;
        }
    }
}
