using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;
using NativeQueue = PsIpc.Native.Posix.PosixMessageQueue;

namespace PsIpc.Commands;

/// <summary>Receives messages from POSIX queues, the highest priority first: mq_receive(3).</summary>
[Cmdlet(VerbsCommunications.Receive, "PosixMessage", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(PosixMessage))]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
[OutputType(typeof(PSObject))]
public sealed class ReceivePosixMessageCommand : ReceiveMessageCommand
{
    private NativeQueue? _queue;
    private PosixAddress _address;
    private int _priority;

    /// <summary>The names of the queues, each with its slash; with several, one after the other.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateQueueName]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PosixQueueNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The queues, as New-PosixMessageQueue or Get-IpcObject emits them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Queue)]
    [IpcObjectTransformation]
    [ValidateNotNullOrEmpty]
    public PosixMessageQueue[] Queue { get; set; } = [];

    private protected override string QueueName => _address.DisplayName;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == AddressSets.Queue)
        {
            foreach (PosixMessageQueue queue in Queue)
            {
                ReceiveFrom(PosixAddress.OfRecord(queue));
            }
        }
        else
        {
            foreach (string name in Name)
            {
                ReceiveFrom(PosixAddress.OfName(name));
            }
        }
    }

    private protected override WaitStatus Receive(MessageBuffer buffer, Deadline deadline, out int length) =>
        _queue!.Receive(buffer.Data, Waiter, deadline, out length, out _priority);

    private protected override IpcMessage CreateMessage(int length) =>
        new PosixMessage(_priority, Buffer.Data[..length].ToArray(), TextEncoding, _address.Name);

    private protected override bool PutBack(int length)
    {
        using NativeQueue queue = _address.Open(NativeQueue.Access.Send, nonBlocking: true);
        using Waiter waiter = new(); // the cmdlet's own does nothing more: it was cancelled
        return queue.Send(Buffer.Data[..length], _priority, waiter, Deadline.NoWait) == WaitStatus.Done;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _queue?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ReceiveFrom(PosixAddress address)
    {
        _address = address;
        try
        {
            _queue?.Dispose();
            _queue = address.Open(NativeQueue.Access.Receive, NoWait || All);
            Buffer.EnsureCapacity((int)_queue.MaxMessageSize);
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(address.Target, QueueName));
            return;
        }
        catch (IpcException e)
        {
            WriteFailure(e, address.Target, QueueName, ("who", Owners.Of(e, address.Target)));
            return;
        }

        ReceiveMessages(address.Target);
    }
}
