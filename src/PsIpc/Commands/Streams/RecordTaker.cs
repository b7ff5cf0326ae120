using System;
using System.Diagnostics.CodeAnalysis;
using PsIpc.Native.Streams;

namespace PsIpc.Commands;

/// <summary>Takes what a reading cmdlet emits out of what was read: lines, records of a fixed length, or whatever there is.</summary>
internal sealed class RecordTaker
{
    private readonly StreamInput _input;
    private readonly LineFormat _format;
    private readonly LineReader? _lines;
    private readonly TextDecoder? _text; // of text as it comes; a piece of a fixed length is text of its own
    private readonly StreamForm _form;
    private readonly int? _length;

    /// <summary>Describes what is to be taken.</summary>
    /// <param name="input">What was read.</param>
    /// <param name="format">How text lies in it.</param>
    /// <param name="form">What is to come out.</param>
    /// <param name="length">Bytes of each; null for what is there.</param>
    /// <param name="maxLength">Bytes that a line may have.</param>
    internal RecordTaker(StreamInput input, LineFormat format, StreamForm form, int? length, int maxLength)
    {
        (_input, _format, _form, _length) = (input, format, form, length);
        _lines = form == StreamForm.Line ? new LineReader(input, format, maxLength) : null;
        _text = form == StreamForm.Text && length is null ? new TextDecoder(format.Encoding) : null;
    }

    /// <summary>Bytes that the last one took.</summary>
    internal int LastLength { get; private set; }

    /// <summary>Bytes to read at once when not one too many may be read.</summary>
    internal int Exactly => _lines is not null ? 1
        : _length is { } length ? length - Math.Min(_input.Available.Length, length - 1)
        : StreamInput.BlockLength;

    /// <summary>Takes the next one, when it is there whole.</summary>
    internal bool TryTake([NotNullWhen(true)] out object? record)
    {
        if (_lines is not null)
        {
            bool taken = _lines.TryTake(out string? line);
            (record, LastLength) = (line, _lines.LastLength);
            return taken;
        }

        int available = _input.Available.Length;
        int length = _length ?? _text?.WholeCharacters(_input.Available) ?? available;
        record = length == 0 || length > available ? null : Take(length);
        return record is not null;
    }

    /// <summary>Takes what is left at the end; null when that is nothing.</summary>
    internal object? TakeRest()
    {
        if (_input.Available.IsEmpty)
        {
            return null;
        }

        if (_lines is null)
        {
            return Take(_input.Available.Length, isLast: true) is not "" and var last ? last : null; // "": of text a shift sequence was left
        }

        string? rest = _lines.TakeRest();
        LastLength = _lines.LastLength;
        return rest;
    }

    /// <summary>Puts the last one back.</summary>
    internal void PutBack()
    {
        if (_lines is not null)
        {
            _lines.PutBack();
        }
        else
        {
            _input.Unskip(LastLength);
        }
    }

    private object Take(int length, bool isLast = false)
    {
        ReadOnlySpan<byte> bytes = _input.Available[..length];
        object record = _text is not null ? _text.Decode(bytes, isLast)
            : _form == StreamForm.Text ? _format.Encoding.GetString(bytes) : bytes.ToArray();
        _input.Skip(length);
        LastLength = length;
        return record;
    }
}
