using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>What sending is for both kinds of queue and for sockets; the kinds add their addresses, and the type or the priority.</summary>
public abstract class SendMessageCommand : WaitingCommand
{
    private const int MaxPadTo = 1 << 30; // no kernel takes a message that long, and a .NET array ends soon after
    private const int InitialCapacity = 1024; // grows where it must; 8 KiB would be a quarter of what an invocation allocates
    private const int DefaultDepth = 2;
    private readonly MessageBuffer _buffer = new(InitialCapacity);
    private PayloadEncoder _encoder = null!;

    /// <summary>
    /// What to send: a string, a number (as text), byte[], or a received message, whose bytes and type or priority are kept.
    /// One object is one message; on a pipeline byte[] needs a comma: ,$bytes.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Message { get; set; }

    /// <summary>The encoding of text: UTF-8 unless said otherwise. No byte-order mark is written.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>Appends a NUL, as wide as the encoding's, which C programs expect at the end of a string.</summary>
    [Parameter]
    public SwitchParameter NullTerminated { get; set; }

    /// <summary>Appends NULs up to this length in bytes, for programs that exchange structures of fixed size.</summary>
    [Parameter]
    [ValidateRange(1, MaxPadTo)]
    public int? PadTo { get; set; }

    /// <summary>Sends any object as CLIXML, which -As Object reads back.</summary>
    [Parameter]
    public SwitchParameter AsObject { get; set; }

    /// <summary>How many levels of properties CLIXML goes into an object: 2 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int? Depth { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _encoder = new PayloadEncoder(new PayloadOptions(
            Encoding ?? System.Text.Encoding.UTF8, NullTerminated, PadTo, AsObject, Depth ?? DefaultDepth));
        OpenQueue();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        int length;
        try
        {
            length = _encoder.Encode(Message, _buffer);
        }
        catch (PayloadException e)
        {
            WriteError(Failure.Of(e.ErrorId, ErrorCategory.InvalidData, Message, [.. e.Values, ("command", MyInvocation.MyCommand.Name)]));
            return;
        }

        try
        {
            Report(Send(_buffer, length, _encoder.Forwarded, NextDeadline));
        }
        catch (IpcException e) when (IsEnd(e))
        {
            ThrowFailure(e, Message, QueueName, ("who", Owners.Of(e, QueueAddress))); // the message, which may exist nowhere else by now
        }
        catch (IpcException e)
        {
            WriteFailure(e, Message, QueueName, ("length", length), ("maximum", MaximumLength), ("who", Owners.Of(e, QueueAddress)));
        }
    }

    /// <summary>What the queue is called in sentences.</summary>
    private protected abstract string QueueName { get; }

    /// <summary>The queue as the user gave it.</summary>
    private protected abstract object? QueueAddress { get; }

    /// <summary>What sending to a full queue fails with.</summary>
    private protected abstract IpcException Full { get; }

    /// <summary>Whether a failure means that no other message can be sent either.</summary>
    private protected virtual bool IsEnd(IpcException failure) => false;

    /// <summary>Bytes that a message of the queue may have; null where unknown.</summary>
    private protected abstract long? MaximumLength { get; }

    /// <summary>Finds the queue, or ends the cmdlet.</summary>
    private protected abstract void OpenQueue();

    /// <summary>Sends what is in the buffer.</summary>
    private protected abstract WaitStatus Send(MessageBuffer buffer, int length, IpcMessage? forwarded, Deadline deadline);

    private void Report(WaitStatus status)
    {
        switch (status)
        {
            case WaitStatus.Done:
                return;
            case WaitStatus.Cancelled:
                throw new PipelineStoppedException();
            case WaitStatus.WouldBlock:
                WriteFailure(Full, Message, QueueName);
                return;
            default:
                WriteError(Failure.Timeout("SendTimeout", Message, QueueName, TimeWaited));
                return;
        }
    }
}
