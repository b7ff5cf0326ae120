using System;
using System.Management.Automation;
using System.Text;
using System.Threading;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>What reading is for all streams of bytes: how much, how long, in which form. The cmdlets add what is read.</summary>
public abstract class ReadStreamCommand : WaitingCommand
{
    private const long MaxPiece = 1 << 29; // a .NET array and what was read ahead have to fit
    private LineFormat _format = null!;

    /// <summary>Line for lines (the default), Text or Bytes for what comes as it comes.</summary>
    [Parameter]
    public StreamForm? As { get; set; }

    /// <summary>How many lines or pieces to read; all up to the end unless said otherwise. Not a byte more is taken than they have.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>Bytes of each piece, which are waited for: a byte[] each, or text with -As Text.</summary>
    [Parameter]
    [ValidateRange(1, MaxPiece)]
    public long? Length { get; set; }

    /// <summary>Bytes that a line may have at most; a longer one is the error LineTooLong. A gigabyte unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxLength { get; set; }

    /// <summary>The encoding of text: UTF-8 unless said otherwise.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>How long what is left may take.</summary>
    private protected Deadline Deadline { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        StreamForm form = As ?? (Length is null ? StreamForm.Line : StreamForm.Bytes);
        if (form == StreamForm.Line && Length is not null)
        {
            ThrowTerminatingError(Failure.Of("LinesHaveNoLength", ErrorCategory.InvalidArgument, Length));
        }

        if (form != StreamForm.Line && MaxLength is not null)
        {
            ThrowTerminatingError(Failure.Of("MaxLengthIsOfLines", ErrorCategory.InvalidArgument, MaxLength));
        }

        As = form;
        _format = new LineFormat(Encoding ?? System.Text.Encoding.UTF8);
        Deadline = NextDeadline;
    }

    /// <summary>How many are to be read of the current stream.</summary>
    private protected int Left { get; set; }

    /// <summary>What takes records out of an input as the parameters say.</summary>
    private protected RecordTaker TakerOf(StreamInput input) => new(input, _format, As!.Value, (int?)Length, MaxLength ?? int.MaxValue);

    /// <summary>Reads a stream up to its end, or as much as was asked for.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="input">What was read of it before.</param>
    /// <param name="handle">The handle that it is of, which keeps what is read too much for the next command; null where there is none.</param>
    /// <param name="target">What the user gave.</param>
    /// <param name="name">What to call it.</param>
    private protected void ReadStream(ByteStream stream, StreamInput input, StreamHandle? handle, object target, string name)
    {
        // Taken again by the same thread when a command behind this one in the pipeline reads the same handle.
        if (!Monitor.TryEnter(input))
        {
            WriteError(Failure.Of("HandleBusy", ErrorCategory.ResourceBusy, target, ("target", name)));
            return;
        }

        try
        {
            Left = Count ?? int.MaxValue;
            _ = ReadUpToEnd(stream, input, TakerOf(input), handle, target, name);
        }
        catch (ObjectDisposedException) when (handle is { IsClosed: true })
        {
            WriteVerbose($"'{name}': was closed while it was read."); // between the look at it and the call, by another runspace
        }
        catch (IpcException e)
        {
            WriteFailure(e, target, name, ("maximum", MaxLength ?? 1 << 30));
        }
        catch (DecoderFallbackException e)
        {
            WriteNotDecodable(e, target, name); // it stays in the handle, and can be read with -As Bytes
        }
        finally
        {
            Monitor.Exit(input);
        }
    }

    /// <summary>Tells that a line is no text of the encoding.</summary>
    private protected void WriteNotDecodable(DecoderFallbackException failure, object target, string name) =>
        WriteError(NotDecodable(failure, _format.Encoding, target, name));

    /// <summary>Reads up to the end of what one or several at the other side write.</summary>
    /// <returns>Whether more may be asked for: the end came before everything did.</returns>
    private protected bool ReadUpToEnd(ByteStream stream, StreamInput input, RecordTaker taker, StreamHandle? handle, object target, string name)
    {
        bool isKept = handle is not null;
        bool isExact = Count is not null && (!isKept || Length is not null);
        while (Left > 0)
        {
            // Closing it is how a command behind this one says that it has enough.
            if (handle is { IsClosed: true })
            {
                WriteVerbose($"'{name}': was closed while it was read.");
                return false;
            }

            if (taker.TryTake(out object? record))
            {
                Left -= Count is null ? 0 : 1;
                Emit(record, taker, isKept);
                continue;
            }

            int length = isExact ? taker.Exactly : StreamInput.BlockLength;
            switch (input.Fill(stream, length, Waiter, Deadline, out int count))
            {
                case WaitStatus.Done when count > 0:
                    break;
                case WaitStatus.Done:
                    Left -= EmitRest(taker, name) && Count is not null ? 1 : 0;
                    return Left > 0;
                case WaitStatus.Cancelled:
                    throw new PipelineStoppedException();
                case var status:
                    if (!isKept)
                    {
                        EmitRest(taker, name); // there is no next command that could take it
                    }

                    if (status == WaitStatus.TimedOut)
                    {
                        if (Count is null && !stream.CanWrite && stream.IsWrittenHere()) // opened for both, it has no end, as was asked for
                        {
                            WriteWarning(Sentences.Format("WriterIsThisSession", ("target", name)));
                        }

                        WriteError(Failure.Timeout("ReadTimeout", target, name, TimeWaited));
                    }

                    return false;
            }
        }

        return false;
    }

    /// <summary>Emits what is left where a line or a piece should have gone on, with a warning; whether there was anything.</summary>
    private bool EmitRest(RecordTaker taker, string name)
    {
        if (taker.TakeRest() is not { } rest)
        {
            return false;
        }

        if (As == StreamForm.Line)
        {
            WriteWarning(Sentences.Format("IncompleteLine", ("target", name), ("length", taker.LastLength)));
        }
        else if (Length is { } wanted)
        {
            WriteWarning(Sentences.Format("IncompleteRecord", ("target", name), ("length", taker.LastLength), ("wanted", wanted)));
        }

        WriteObject(rest, enumerateCollection: false);
        return true;
    }

    private void Emit(object record, RecordTaker taker, bool isKept)
    {
        try
        {
            WriteObject(record, enumerateCollection: false);
        }
        catch (PipelineStoppedException e) when (isKept && !WasSeenDownstream(e))
        {
            taker.PutBack();
            throw;
        }
    }
}
