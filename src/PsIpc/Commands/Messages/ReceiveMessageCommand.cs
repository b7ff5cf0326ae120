using System;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>
/// What receiving is for both kinds of queue and for sockets: how many, how long, in which form - and that no message is lost when the
/// pipeline is stopped. The kinds add their addresses and what selects a message.
/// </summary>
public abstract class ReceiveMessageCommand : ReceivingCommand
{
    /// <summary>Emits just the text, the bytes or the object that was sent with -AsObject, instead of the message.</summary>
    [Parameter]
    public MessageForm? As { get; set; }

    /// <summary>The encoding of text: UTF-8 unless said otherwise.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>The encoding that text is decoded with.</summary>
    private protected Encoding TextEncoding { get; private set; } = System.Text.Encoding.UTF8;

    /// <summary>Where the message lies that is being received.</summary>
    private protected MessageBuffer Buffer { get; } = new(8192);

    /// <summary>What the queue is called in sentences.</summary>
    private protected abstract string QueueName { get; }

    /// <summary>Bytes that a message may have, for sentences; null where there is no limit.</summary>
    private protected virtual long? MaximumLength => null;

    /// <summary>The name of the sentence that says where a message went that was given back.</summary>
    private protected virtual string PutBackSentence => "MessagePutBack";

    /// <summary>Why a message could not be given back when <see cref="PutBack"/> says so.</summary>
    private protected virtual string NoRoomReason => "the queue was full.";

    /// <summary>Whether messages stay in the queue, so that none can be lost.</summary>
    private protected virtual bool IsPeeking => false;

    /// <summary>
    /// How many messages the current queue has that could be looked at; null where that is not known. -All looks at no more: what the next command of
    /// the pipeline makes of them, in the same queue, would keep it for ever.
    /// </summary>
    private protected virtual long? PeekableCount => null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        TextEncoding = Encoding ?? System.Text.Encoding.UTF8;
    }

    /// <summary>Receives as many messages from the current queue as were asked for.</summary>
    private protected void ReceiveMessages(object target)
    {
        try
        {
            long most = Continuous ? long.MaxValue : All && IsPeeking ? Math.Max(PeekableCount ?? 1, 1) : All ? long.MaxValue : Count ?? 1; // once in any case: it says what may not be received
            for (long taken = 0; taken < most; taken++)
            {
                WaitStatus status = Receive(Buffer, LastDeadline, out int length);
                if (status == WaitStatus.Done)
                {
                    Deliver(length);
                    continue;
                }

                if (status == WaitStatus.Cancelled)
                {
                    throw new PipelineStoppedException();
                }

                if (status == WaitStatus.TimedOut)
                {
                    WriteError(Failure.Timeout("WaitTimeout", target, QueueName, TimeWaited));
                }

                return;
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, target, QueueName, ("maximum", MaximumLength), ("who", Owners.Of(e, target)));
        }
    }

    /// <summary>Takes the next message into the buffer.</summary>
    private protected abstract WaitStatus Receive(MessageBuffer buffer, Deadline deadline, out int length);

    /// <summary>The message that lies in the buffer.</summary>
    private protected abstract IpcMessage CreateMessage(int length);

    /// <summary>Gives the message in the buffer back to the queue.</summary>
    /// <exception cref="IpcException">The queue does not take it.</exception>
    /// <returns>Whether there was room for it.</returns>
    private protected abstract bool PutBack(int length);

    /// <summary>
    /// Emits the message; when the pipeline was stopped before anybody downstream saw it, it goes back into the queue.
    /// </summary>
    private void Deliver(int length)
    {
        if (Waiter.IsCancelled)
        {
            Return(length);
            throw new PipelineStoppedException();
        }

        object output = Shape(length);
        try
        {
            WriteObject(output, enumerateCollection: false);
        }
        catch (PipelineStoppedException e) when (!WasSeenDownstream(e))
        {
            Return(length);
            throw;
        }
    }

    private object Shape(int length)
    {
        switch (As)
        {
            case MessageForm.Text:
                return Decode(length);
            case MessageForm.Bytes:
                return Buffer.Data[..length].ToArray();
            case MessageForm.Object:
                return Deserialize(length);
            default:
                return CreateMessage(length);
        }
    }

    private object Decode(int length)
    {
        try
        {
            return MessageText.Decode(Buffer.Data[..length], TextEncoding);
        }
        catch (DecoderFallbackException e)
        {
            IpcMessage message = CreateMessage(length); // as below: it must not be lost
            WriteError(NotDecodable(e, TextEncoding, message, QueueName));
            return message;
        }
    }

    private object Deserialize(int length)
    {
        IpcMessage message = CreateMessage(length);
        try
        {
            // Sent with -AsObject it is UTF-8, whatever -Encoding says of text.
            return PSSerializer.Deserialize(MessageText.Decode(message.Bytes, System.Text.Encoding.UTF8));
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            // Emitted all the same: it is out of the queue, and must not be lost for what it is not. The sender chose the bytes, and
            // PowerShell's reader throws whatever it comes upon.
            WriteError(Failure.Of("PayloadNotClixml", ErrorCategory.InvalidData, message, ("reason", e.Message)));
            return message;
        }
    }

    private void Return(int length)
    {
        if (IsPeeking)
        {
            return;
        }

        string reason;
        try
        {
            if (PutBack(length))
            {
                WarnWhileStopping(Sentences.Format(PutBackSentence, ("target", QueueName)));
                return;
            }

            reason = NoRoomReason;
        }
        catch (IpcException e)
        {
            reason = e.Message;
        }

        WarnWhileStopping(Sentences.Format("MessageLost", ("target", QueueName), ("length", length), ("reason", reason)));
    }

    /// <summary>A stopped pipeline takes no more output, most often not even a warning.</summary>
    private void WarnWhileStopping(string text)
    {
        try
        {
            WriteWarning(text);
        }
        catch (PipelineStoppedException)
        {
            // The stop itself is what the caller throws next.
        }
    }
}
