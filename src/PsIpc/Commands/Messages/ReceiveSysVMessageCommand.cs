using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;
using NativeQueue = PsIpc.Native.SysV.SysVMessageQueue;

namespace PsIpc.Commands;

/// <summary>Receives messages from System V queues: msgrcv(2).</summary>
[Cmdlet(VerbsCommunications.Receive, "SysVMessage", DefaultParameterSetName = AddressSets.Key)]
[OutputType(typeof(SysVMessage))]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
[OutputType(typeof(PSObject))]
public sealed class ReceiveSysVMessageCommand : ReceiveMessageCommand
{
    private NativeQueue _queue;
    private string _name = "";
    private SysVReceiveOptions _options;
    private int _peekIndex;

    /// <summary>The keys of the queues; with several, one after the other.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ArgumentCompleter(typeof(SysVQueueKeyCompleter))]
    [ValidateNotNullOrEmpty]
    public IpcKey[] Key { get; set; } = [];

    /// <summary>The queues, as New-SysVMessageQueue or Get-IpcObject emits them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Queue)]
    [IpcObjectTransformation]
    [ValidateNotNullOrEmpty]
    public SysVMessageQueue[] Queue { get; set; } = [];

    /// <summary>The ids of the queues; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ArgumentCompleter(typeof(SysVQueueIdCompleter))]
    [ValidateRange(0, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    public int[] Id { get; set; } = [];

    /// <summary>
    /// Which message: 0 the first, n the first of type n, -n the first of the lowest type up to n. 0 unless said otherwise.
    /// </summary>
    [Parameter]
    public long? Type { get; set; }

    /// <summary>The first message whose type is not the given one.</summary>
    [Parameter]
    public SwitchParameter Except { get; set; }

    /// <summary>
    /// Copies the message at this position, counted from 0, and leaves it in the queue; with -Count or -All the following
    /// ones as well. Never waits.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Peek { get; set; }

    /// <summary>Bytes of data accepted: any number unless said otherwise. A longer message stays in the queue and is an error.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxLength { get; set; }

    /// <summary>Cuts a message longer than -MaxLength; the rest is lost.</summary>
    [Parameter]
    public SwitchParameter Truncate { get; set; }

    private protected override string QueueName => _name;

    private protected override long? MaximumLength => MaxLength;

    private protected override bool IsPeeking => Peek is not null;

    /// <summary>Of all types: those that are not asked for only make the bound wider. Null when it is gone: receiving will say so.</summary>
    private protected override long? PeekableCount => _queue.TryGetStatus() is { } status ? status.MessageCount - (Peek ?? 0) : null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        RefuseTogether(nameof(Peek), nameof(Type));
        RefuseTogether(nameof(Peek), nameof(Except));
        RefuseTogether(nameof(Peek), nameof(Continuous));
        RefuseTogether(nameof(Peek), nameof(Timeout));
        if (Except && Type is null or <= 0)
        {
            ThrowTerminatingError(Failure.Of("ExceptNeedsType", ErrorCategory.InvalidArgument, Type));
        }

        _options = (Except ? SysVReceiveOptions.Except : 0)
            | (Truncate ? SysVReceiveOptions.Truncate : 0)
            | (IsPeeking ? SysVReceiveOptions.Copy : 0);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case AddressSets.Queue:
                foreach (SysVMessageQueue queue in Queue)
                {
                    ReceiveFrom(SysVAddress.OfRecord(queue));
                }

                break;
            case AddressSets.Id:
                foreach (int id in Id)
                {
                    ReceiveFrom(SysVAddress.OfId(id));
                }

                break;
            default:
                foreach (IpcKey key in Key)
                {
                    ReceiveFrom(SysVAddress.OfKey(key));
                }

                break;
        }
    }

    private protected override WaitStatus Receive(MessageBuffer buffer, Deadline deadline, out int length)
    {
        long type = IsPeeking ? _peekIndex++ : Type ?? 0;
        return _queue.Receive(
            buffer, MaxLength ?? int.MaxValue, type, _options, Waiter, IsPeeking ? Deadline.NoWait : deadline, out length);
    }

    private protected override IpcMessage CreateMessage(int length) =>
        new SysVMessage(Buffer.Type, Buffer.Data[..length].ToArray(), TextEncoding, _queue.Id);

    private protected override bool PutBack(int length)
    {
        using Waiter waiter = new(); // the cmdlet's own does nothing more: it was cancelled
        return _queue.Send(Buffer, length, waiter, Deadline.NoWait) == WaitStatus.Done;
    }

    private void ReceiveFrom(SysVAddress address)
    {
        _name = address.Name;
        _peekIndex = Peek ?? 0;
        try
        {
            _queue = address.Open();
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(address.Target, _name));
            return;
        }
        catch (IpcException e)
        {
            WriteFailure(e, address.Target, _name);
            return;
        }

        ReceiveMessages(address.Target);
    }
}
