using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;
using NativeQueue = PsIpc.Native.Posix.PosixMessageQueue;

namespace PsIpc.Commands;

/// <summary>Sends messages to a POSIX queue: mq_send(3).</summary>
[Cmdlet(VerbsCommunications.Send, "PosixMessage", DefaultParameterSetName = AddressSets.Name)]
public sealed class SendPosixMessageCommand : SendMessageCommand
{
    private NativeQueue? _queue;
    private string _name = "";
    private object? _address;
    private long? _maxMessageSize;

    /// <summary>The name of the queue, with its slash: /jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateQueueName]
    [ArgumentCompleter(typeof(PosixQueueNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The queue, as New-PosixMessageQueue or Get-IpcObject emits it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Queue)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    public PosixMessageQueue? Queue { get; set; }

    /// <summary>
    /// The priority of the messages, 0 (lowest) to 32767: 0 unless said otherwise, and for a received message its own.
    /// </summary>
    [Parameter]
    [ValidateRange(0, NativeQueue.MaxPriority)]
    public int? Priority { get; set; }

    private protected override string QueueName => _name;

    private protected override object? QueueAddress => _address;

    private protected override long? MaximumLength => _maxMessageSize ??= _queue?.MaxMessageSize;

    private protected override IpcException Full => new("mq_send", Errno.EAGAIN);

    private protected override void OpenQueue()
    {
        PosixAddress address = Queue is not null ? PosixAddress.OfRecord(Queue) : PosixAddress.OfName(Name);
        _name = address.DisplayName;
        _address = address.Target;
        try
        {
            _queue = address.Open(NativeQueue.Access.Send, NoWait);
        }
        catch (ForeignObjectException e)
        {
            ThrowTerminatingError(e.ToErrorRecord(address.Target, _name));
        }
        catch (IpcException e)
        {
            ThrowFailure(e, address.Target, _name, ("who", Owners.Of(e, address.Target)));
        }
    }

    private protected override WaitStatus Send(MessageBuffer buffer, int length, IpcMessage? forwarded, Deadline deadline) =>
        _queue!.Send(buffer.Data[..length], Priority ?? (forwarded as PosixMessage)?.Priority ?? 0, Waiter, deadline);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _queue?.Dispose();
        }

        base.Dispose(disposing);
    }
}
