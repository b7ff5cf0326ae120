using System;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Streams;

/// <summary>
/// What was read from a stream and nobody has taken yet. It belongs to the stream, not to who reads, so that what one of several readers
/// in turn has read too much is the next one's. Not for several threads at once.
/// </summary>
public sealed class StreamInput
{
    /// <summary>How much is read at once unless said otherwise: what a pipe holds, unless it was made larger.</summary>
    public const int BlockLength = 65536;

    // No array, and no string of as many bytes, can be longer.
    private const int MaxBuffered = 0x3FFFFFC0;

    private byte[] _data = [];
    private int _start;
    private int _end;

    /// <summary>The bytes that were read and not taken.</summary>
    public ReadOnlySpan<byte> Available => _data.AsSpan(_start, _end - _start);

    /// <summary>Takes bytes from the beginning.</summary>
    /// <param name="count">How many.</param>
    public void Skip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_end - _start), nameof(count));
        _start += count;
    }

    /// <summary>Gives back what was skipped last, as long as nothing was read meanwhile.</summary>
    /// <param name="count">How many bytes.</param>
    public void Unskip(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)_start, nameof(count));
        _start -= count;
    }

    /// <summary>Reads more, once.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="maxLength">Bytes to read at most.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="count">Bytes that came; 0 with <see cref="WaitStatus.Done"/> is the end.</param>
    /// <exception cref="IpcException">"read(line)" EMSGSIZE: a gigabyte is there that nobody takes; else as <see cref="ByteStream.Read"/>.</exception>
    public WaitStatus Fill(ByteStream stream, int maxLength, Waiter waiter, Deadline deadline, out int count)
    {
        ArgumentNullException.ThrowIfNull(stream);
        MakeRoom(maxLength);
        WaitStatus status = stream.Read(_data.AsSpan(_end, Math.Min(maxLength, _data.Length - _end)), waiter, deadline, out count);
        _end += count;
        return status;
    }

    private void MakeRoom(int length)
    {
        int used = _end - _start;
        if (used == 0)
        {
            _start = _end = 0;
        }

        if (_data.Length - _end >= Math.Min(length, BlockLength / 2))
        {
            return; // enough for a read that is worth it
        }

        if (used > MaxBuffered - BlockLength)
        {
            throw new IpcException("read(line)", Errno.EMSGSIZE);
        }

        if (_data.Length - used < Math.Max(length, used))
        {
            // Doubled, so that a long line is not copied once for each piece of it.
            byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(used + Math.Max(length, used), BlockLength));
            Available.CopyTo(larger);
            _data = larger;
        }
        else
        {
            Available.CopyTo(_data); // Span.CopyTo bears that they overlap
        }

        (_start, _end) = (0, used);
    }
}
