using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;
using Queue = PsIpc.Native.SysV.SysVMessageQueue;

namespace PsIpc.Commands;

/// <summary>Sends messages to a System V queue: msgsnd(2).</summary>
[Cmdlet(VerbsCommunications.Send, "SysVMessage", DefaultParameterSetName = AddressSets.Key)]
public sealed class SendSysVMessageCommand : SendMessageCommand
{
    private const long DefaultType = 1;
    private Queue _queue;
    private string _name = "";
    private object? _address;
    private long? _maxBytes;

    /// <summary>The key of the queue.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ArgumentCompleter(typeof(SysVQueueKeyCompleter))]
    public IpcKey Key { get; set; }

    /// <summary>The queue, as New-SysVMessageQueue or Get-IpcObject emits it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Queue)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    public SysVMessageQueue? Queue { get; set; }

    /// <summary>The id of the queue; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ArgumentCompleter(typeof(SysVQueueIdCompleter))]
    [ValidateRange(0, int.MaxValue)]
    public int Id { get; set; }

    /// <summary>The type of the messages, 1 or above: 1 unless said otherwise, and for a received message its own.</summary>
    [Parameter]
    [ValidateMessageType]
    public long? Type { get; set; }

    private protected override string QueueName => _name;

    private protected override object? QueueAddress => _address;

    private protected override IpcException Full => new("msgsnd", Errno.EAGAIN);

    private protected override long? MaximumLength => _maxBytes;

    /// <summary>There is no such queue, or no more, or it may not be written to.</summary>
    private protected override bool IsEnd(IpcException failure) => failure is { Call: "msgsnd", Errno: Errno.EINVAL or Errno.EIDRM or Errno.EACCES };

    private protected override void OpenQueue()
    {
        SysVAddress address = Queue is not null ? SysVAddress.OfRecord(Queue)
            : ParameterSetName == AddressSets.Id ? SysVAddress.OfId(Id)
            : SysVAddress.OfKey(Key);
        _name = address.Name;
        _address = address.Target;
        try
        {
            _queue = address.Open();
            _maxBytes = _queue.MaxBytes;
        }
        catch (ForeignObjectException e)
        {
            ThrowTerminatingError(e.ToErrorRecord(Queue, _name));
        }
        catch (IpcException e)
        {
            ThrowFailure(e, address.Target, _name, ("who", Owners.Of(e, address.Target)));
        }
    }

    private protected override WaitStatus Send(MessageBuffer buffer, int length, IpcMessage? forwarded, Deadline deadline)
    {
        // The kernel would wait for ever for the queue to hold what it cannot hold. Its room may have been changed since.
        if (length > _maxBytes && length > (_maxBytes = _queue.MaxBytes) && length <= Limits.MsgMax)
        {
            WriteError(Failure.Of(
                "MessageNeverFits", ErrorCategory.LimitsExceeded, Message, ("target", _name), ("length", length), ("maximum", _maxBytes)));
            return WaitStatus.Done;
        }

        buffer.Type = Type ?? (forwarded as SysVMessage)?.Type ?? DefaultType;
        return _queue.Send(buffer, length, Waiter, deadline);
    }
}
