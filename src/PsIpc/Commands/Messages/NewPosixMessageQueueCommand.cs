using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;
using NativeQueue = PsIpc.Native.Posix.PosixMessageQueue;

namespace PsIpc.Commands;

/// <summary>Makes a POSIX message queue: mq_open(3).</summary>
[Cmdlet(VerbsCommon.New, "PosixMessageQueue", SupportsShouldProcess = true)]
[OutputType(typeof(PosixMessageQueue))]
public sealed class NewPosixMessageQueueCommand : IpcCommand
{
    /// <summary>The names of the new queues, each with its slash: /jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateQueueName]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Messages it holds at most; fs.mqueue.msg_default (10) unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1L, (long)int.MaxValue)]
    public long? MaxMessages { get; set; }

    /// <summary>Bytes that a message may have at most; fs.mqueue.msgsize_default (8192) unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1L, (long)int.MaxValue)]
    public long? MaxMessageSize { get; set; }

    /// <summary>Its permissions, exactly: octal digits, rw-r----- or u=rw,g=r. 0600 unless said otherwise.</summary>
    [Parameter]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>Opens the queue where there is one already, with the mode and sizes it has.</summary>
    [Parameter]
    public SwitchParameter OpenExisting { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            string displayName = PosixAddress.OfName(name).DisplayName;
            try
            {
                if (OpenExisting && TryOpen(name) is { } existing)
                {
                    WriteVerbose($"{displayName}: exists already.");
                    WriteObject(existing);
                }
                else if (ShouldProcess(displayName, "Create"))
                {
                    WriteObject(Create(name));
                }
            }
            catch (IpcException e)
            {
                WriteFailure(
                    e, name, displayName,
                    ("messages", (object?)MaxMessages ?? "the default number of"), ("size", (object?)MaxMessageSize ?? "the default number of"));
            }
        }
    }

    private static PosixMessageQueue? TryOpen(string name) =>
        (PosixMessageQueue?)AllKinds.Of(IpcKind.PosixMessageQueue).FindByName(new InventoryContext(), name);

    /// <summary>Makes it. Nothing of it is open any more when it is emitted: who removes it would be asked about this very session.</summary>
    private PosixMessageQueue Create(string name)
    {
        try
        {
            using NativeQueue queue = NativeQueue.Create(name, MaxMessages, MaxMessageSize, (Mode ?? PermissionMode.OwnerOnly).Bits);
            return PosixMessageQueueOperations.Describe(new InventoryContext(), queue.GetStatus(name));
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST && TryOpen(name) is { } existing)
        {
            return existing; // another process made it first
        }
    }
}
