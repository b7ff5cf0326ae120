using System;
using System.Collections;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>What writing is for all streams of bytes. The cmdlets add where it goes.</summary>
public abstract class WriteStreamCommand : WaitingCommand
{
    private const int InitialCapacity = 1024;
    private readonly MessageBuffer _buffer = new(InitialCapacity);
    private readonly byte[] _bytes = new byte[ByteStream.AtomicLength];
    private int _byteCount; // of single bytes from the pipeline that wait for the next
    private PayloadEncoder _encoder = null!;
    private ByteStream? _stream;
    private string _name = "";
    private bool _wasWarned;

    /// <summary>
    /// What to write: strings and numbers as lines, byte[] and received messages as they are. Single bytes, as a byte[] comes apart on a
    /// pipeline, are put together again; of an array each element is written.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Data { get; set; }

    /// <summary>Writes no newline after text.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>The encoding of text: UTF-8 unless said otherwise. No byte-order mark is written.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Encoding encoding = Encoding ?? System.Text.Encoding.UTF8;
        _encoder = new PayloadEncoder(new PayloadOptions(
            encoding, NullTerminated: false, PadTo: null, AsObject: false, Depth: 1, NoNewline ? default : encoding.GetBytes("\n")));
        (_stream, _name) = OpenStream();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteOne(Data, mayBeArray: true);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        FlushBytes();
        Descriptor?.Dispose(); // the end is to be seen now, and not when the whole pipeline has come to its own
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            FlushLeftBytes();
            Descriptor?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The opening that is written to: the cmdlet's own, it goes with it.</summary>
    private protected SafeDescriptor? Descriptor { get; set; }

    /// <summary>Finds where it goes, and opens <see cref="Descriptor"/>, or ends the cmdlet.</summary>
    private protected abstract (ByteStream Stream, string Name) OpenStream();

    /// <summary>Ends the cmdlet; the compiler is told that nothing comes after.</summary>
    private protected Exception Terminated(ErrorRecord error)
    {
        ThrowTerminatingError(error);
        return new InvalidOperationException();
    }

    private void WriteOne(object? value, bool mayBeArray)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (bare is byte single)
        {
            if (_byteCount == _bytes.Length)
            {
                FlushBytes();
            }

            _bytes[_byteCount++] = single;
            return;
        }

        FlushBytes();
        if (bare is IList list and not byte[] && mayBeArray)
        {
            foreach (object? one in list)
            {
                WriteOne(one, mayBeArray: false);
            }

            return;
        }

        int length;
        try
        {
            length = _encoder.Encode(value, _buffer);
        }
        catch (PayloadException e)
        {
            string errorId = e.ErrorId == "PayloadNotEncodable" ? e.ErrorId : "StreamPayload";
            WriteError(Failure.Of(errorId, ErrorCategory.InvalidData, value, [.. e.Values, ("what", WhatIs(bare))]));
            return;
        }

        Write(_buffer.Data[..length], value);
    }

    private static string WhatIs(object? value) => value switch
    {
        null => "$null",
        IList => "An array in an array",
        _ => $"An object of type {value.GetType()}",
    };

    private void FlushBytes()
    {
        int count = _byteCount;
        _byteCount = 0;
        if (count > 0)
        {
            Write(_bytes.AsSpan(0, count), _bytes[..count]);
        }
    }

    /// <summary>
    /// Single bytes that waited for the next when a command before this one failed: they came before that, as a line would have. Nobody
    /// is there any more to be told of an error, and nobody may be kept waiting: where there is no room, they are lost.
    /// </summary>
    private void FlushLeftBytes()
    {
        int count = _byteCount;
        _byteCount = 0;
        if (count == 0 || Waiter.IsCancelled)
        {
            return;
        }

        try
        {
            _ = _stream!.Write(_bytes.AsSpan(0, count), Waiter, Deadline.NoWait, out _);
        }
        catch (IpcException)
        {
            // Nobody reads any more, or the disk is full.
        }
    }

    private void Write(ReadOnlySpan<byte> data, object? target)
    {
        if (data.Length > ByteStream.AtomicLength && _stream!.IsPipe && !_wasWarned)
        {
            _wasWarned = true;
            WriteWarning(Sentences.Format("RecordNotAtomic", ("target", _name), ("length", data.Length)));
        }

        int written = 0;
        try
        {
            WaitStatus status = _stream!.Write(data, Waiter, NextDeadline, out written);
            Report(status, written, data.Length, target);
        }
        catch (IpcException e)
        {
            // Nothing more will go there, either.
            throw Terminated(Failure.Of(e, target, _name, ("written", written), ("length", data.Length)));
        }
    }

    private void Report(WaitStatus status, int written, int length, object? target)
    {
        switch (status)
        {
            case WaitStatus.Done:
                return;
            case WaitStatus.Cancelled:
                WarnOfCut(written, length);
                throw new PipelineStoppedException();
            case WaitStatus.WouldBlock when written == 0:
                WriteError(Failure.Of("PipeFull", ErrorCategory.LimitsExceeded, target, ("target", _name)));
                return;
            case WaitStatus.TimedOut when written == 0:
                WriteError(Failure.Timeout("WriteTimeout", target, _name, TimeWaited));
                return;
            default:
                // What came next would be taken for the rest of it.
                throw Terminated(Failure.Of(
                    "RecordCut", ErrorCategory.WriteError, target, ("target", _name), ("written", written), ("length", length)));
        }
    }

    private void WarnOfCut(int written, int length)
    {
        if (written == 0)
        {
            return;
        }

        try
        {
            WriteWarning(Sentences.Format("RecordCut", ("target", _name), ("written", written), ("length", length)));
        }
        catch (PipelineStoppedException)
        {
            // A stopped pipeline most often takes no warning; the stop itself is what is thrown next.
        }
    }
}
