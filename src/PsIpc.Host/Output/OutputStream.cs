using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using PsIpc.Host.Engine;

namespace PsIpc.Host.Output;

/// <summary>A descriptor cannot be written to: the disk is full, or the like.</summary>
/// <param name="message">Why.</param>
internal sealed class OutputFailedException(string message) : Exception(message);

/// <summary>
/// Standard output or standard error by write(2). .NET's own stream swallows EPIPE, so that psipc … | head -1 would
/// never end, and what is written is lost without a word when the disk is full.
/// </summary>
/// <remarks>
/// Text is gathered for a moment, so that many short lines cost few calls; a thread lets none wait for long. A
/// <see cref="Timer"/> would do it as well, and takes 5 ms to be ready: an eighth of what psipc takes to start.
/// </remarks>
internal sealed class OutputStream : IDisposable
{
    private const int Capacity = 32768;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);
    private readonly int _descriptor;
    private readonly object _gate = new();
    private readonly byte[] _buffer = new byte[Capacity];
    private Thread? _flusher;
    private Exception? _failure;
    private int _length;
    private bool _isIdle; // the flusher waits to be told that there is text
    private bool _isDisposed;

    internal OutputStream(int descriptor) => _descriptor = descriptor;

    /// <summary>Writes text and the end of the line. What cannot be decoded back (lone surrogates) becomes U+FFFD.</summary>
    /// <exception cref="OutputClosedException">Nobody reads it any more.</exception>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    internal void WriteLine(ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            Append(text);
            Append("\n");
            if (_length > 0)
            {
                FlushSoon();
            }
        }
    }

    /// <summary>Writes what was gathered.</summary>
    internal void Flush()
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            WriteOut();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.Pulse(_gate);
        }
    }

    private void FlushSoon()
    {
        if (_isIdle)
        {
            _isIdle = false;
            Monitor.Pulse(_gate);
        }
        else if (_flusher is null)
        {
            try
            {
                _flusher = new Thread(FlushRegularly) { IsBackground = true, Name = "psipc output" };
                _flusher.UnsafeStart();
            }
            catch (OutOfMemoryException)
            {
                WriteOut(); // no thread can be made (RLIMIT_NPROC): nothing is gathered
                _flusher = null;
            }
        }
    }

    private void FlushRegularly()
    {
        lock (_gate)
        {
            while (!_isDisposed)
            {
                if (_isIdle)
                {
                    Monitor.Wait(_gate);
                    continue; // what came is given its moment, too
                }

                Monitor.Wait(_gate, Delay);
                if (_length > 0)
                {
                    WriteOutLate();
                }
                else
                {
                    _isIdle = true;
                }
            }
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int part = Math.Min(text.Length, Capacity / 4);
            if (part < text.Length && char.IsHighSurrogate(text[part - 1]))
            {
                part--;
            }

            if (Encoding.UTF8.GetMaxByteCount(part) > Capacity - _length)
            {
                WriteOut();
            }

            _length += Encoding.UTF8.GetBytes(text[..part], _buffer.AsSpan(_length));
            text = text[part..];
        }
    }

    private void WriteOutLate()
    {
        try
        {
            WriteOut();
        }
        catch (Exception e) when (e is OutputClosedException or OutputFailedException)
        {
            _failure = e; // thrown on the thread that writes next
        }
    }

    private unsafe void WriteOut()
    {
        int done = 0;
        fixed (byte* bytes = _buffer)
        {
            while (done < _length)
            {
                // A reader who does not read must not keep psipc from being stopped. A pipe that poll(2) calls writable takes a page without waiting.
                if (!StopSignals.WaitForOutput(_descriptor))
                {
                    break;
                }

                nint count = Interop.write(_descriptor, bytes + done, (nuint)Math.Min(_length - done, Interop.PIPE_BUF));
                if (count >= 0)
                {
                    done += (int)count;
                    continue;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno is not (Interop.EINTR or Interop.EAGAIN)) // EAGAIN: somebody made the terminal non-blocking
                {
                    _length = 0;
                    throw _failure = errno == Interop.EPIPE ? new OutputClosedException()
                        : new OutputFailedException($"The output cannot be written: {Marshal.GetPInvokeErrorMessage(errno)}.");
                }
            }
        }

        _length = 0;
    }
}
