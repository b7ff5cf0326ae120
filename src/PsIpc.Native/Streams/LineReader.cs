using System;
using System.Diagnostics.CodeAnalysis;

namespace PsIpc.Native.Streams;

/// <summary>Takes lines out of what was read; a line is searched once, however many reads it takes to come.</summary>
public sealed class LineReader
{
    private readonly StreamInput _input;
    private readonly LineFormat _format;
    private readonly int _maxLength;
    private int _searched;

    /// <summary>Reads lines.</summary>
    /// <param name="input">What was read.</param>
    /// <param name="format">How lines lie in it.</param>
    /// <param name="maxLength">Bytes that a line may have, its newline not counted.</param>
    public LineReader(StreamInput input, LineFormat format, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(format);
        (_input, _format, _maxLength) = (input, format, maxLength);
    }

    /// <summary>Bytes, its newline among them, that the last line took.</summary>
    public int LastLength { get; private set; }

    /// <summary>Takes the next line, when it is there whole.</summary>
    /// <param name="line">Its text.</param>
    /// <exception cref="IpcException">"read(line)" EMSGSIZE: it is longer than it may be; nothing of it is taken.</exception>
    public bool TryTake([NotNullWhen(true)] out string? line)
    {
        ReadOnlySpan<byte> data = _input.Available;
        int end = data.Length > _searched ? _format.FindNewline(data, _searched) : -1;
        if ((end < 0 ? data.Length : end) > _maxLength)
        {
            throw new IpcException("read(line)", Errno.EMSGSIZE);
        }

        if (end < 0)
        {
            _searched = data.Length;
            line = null;
            return false;
        }

        line = Take(data[..end], end + _format.Newline.Length);
        return true;
    }

    /// <summary>Takes what is there after the last newline, at the end of the stream; null when that is nothing.</summary>
    public string? TakeRest()
    {
        ReadOnlySpan<byte> data = _input.Available;
        return data.IsEmpty ? null : Take(data, data.Length);
    }

    /// <summary>Puts the last line back: nobody has got it.</summary>
    public void PutBack()
    {
        _input.Unskip(LastLength);
        _searched = 0;
    }

    private string Take(ReadOnlySpan<byte> bytes, int length)
    {
        string line = _format.Decode(bytes);
        _input.Skip(length);
        (LastLength, _searched) = (length, 0);
        return line;
    }
}
