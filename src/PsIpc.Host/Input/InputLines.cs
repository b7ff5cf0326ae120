using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace PsIpc.Host.Input;

/// <summary>
/// The lines of standard input, as they come: read only when they are asked for, and given up at once when psipc is
/// stopped, which a blocked read of .NET's own stream cannot be.
/// </summary>
internal sealed class InputLines(Func<bool> isStopping) : IEnumerable<object?>
{
    private const int InitialCapacity = 65536;
    private const int LongestLine = 1 << 30; // characters of a string, and bytes of the buffer that is doubled for it
    private byte[] _buffer = new byte[InitialCapacity];
    private int _start;
    private int _end;
    private int _searched; // up to where there is no end of a line
    private bool _isFirst = true;

    public IEnumerator<object?> GetEnumerator()
    {
        while (true)
        {
            int found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                string line = Decode(_searched + found - _start);
                _start = _searched += found + 1;
                yield return line;
            }
            else if (!Fill())
            {
                if (_end > _start && !isStopping())
                {
                    yield return Decode(_end - _start);
                }

                yield break;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A line without its end: a line feed, or carriage return and line feed.</summary>
    private string Decode(int length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        if (_isFirst && line.StartsWith(Encoding.UTF8.Preamble))
        {
            line = line[Encoding.UTF8.Preamble.Length..];
        }

        _isFirst = false;
        return Encoding.UTF8.GetString(line.EndsWith("\r"u8) ? line[..^1] : line);
    }

    /// <summary>Waits for more; false when there is no more, or psipc is stopped.</summary>
    private unsafe bool Fill()
    {
        _searched = _end;
        if (_end == _buffer.Length)
        {
            if (_start == 0)
            {
                if (_buffer.Length >= LongestLine)
                {
                    throw new InputFailedException("A line of standard input has more than 1 GiB.");
                }

                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
            else
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
                _searched = _end;
            }
        }

        while (!isStopping() && StopSignals.WaitForInput(Interop.StandardInput))
        {
            nint count;
            fixed (byte* room = &_buffer[_end])
            {
                count = Interop.read(Interop.StandardInput, room, (nuint)(_buffer.Length - _end));
            }

            if (count > 0)
            {
                _end += (int)count;
                return true;
            }

            if (count == 0)
            {
                return false;
            }

            if (Marshal.GetLastPInvokeError() is not (Interop.EINTR or Interop.EAGAIN))
            {
                throw Failed();
            }
        }

        return false;
    }

    private static InputFailedException Failed() =>
        new($"Standard input cannot be read: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
}

/// <summary>Standard input cannot be read.</summary>
/// <param name="message">Why.</param>
internal sealed class InputFailedException(string message) : Exception(message);
