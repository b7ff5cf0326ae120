using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace PsIpc.Native;

/// <summary>
/// Room for one message, used again for the next. Laid out as msgsnd(2) and msgrcv(2) want it: eight bytes of type,
/// which POSIX queues ignore, then the data.
/// </summary>
public sealed class MessageBuffer
{
    private const int HeaderLength = sizeof(long);

    private byte[] _memory;

    /// <summary>Makes a buffer.</summary>
    /// <param name="capacity">Bytes of data it holds at first.</param>
    public MessageBuffer(int capacity) => Allocate(capacity);

    /// <summary>Bytes of data that fit.</summary>
    public int Capacity => _memory.Length - HeaderLength;

    /// <summary>The type of a System V message.</summary>
    public long Type
    {
        get => BitConverter.ToInt64(_memory);
        set => BitConverter.TryWriteBytes(_memory, value);
    }

    /// <summary>The data: all that fits, not just the last message.</summary>
    public Span<byte> Data => _memory.AsSpan(HeaderLength);

    /// <summary>Makes room for at least so many bytes; what the buffer held is lost.</summary>
    /// <param name="capacity">Bytes of data.</param>
    public void EnsureCapacity(int capacity)
    {
        if (Capacity < capacity)
        {
            Allocate(capacity);
        }
    }

    /// <summary>The message as the kernel reads and writes it, for <c>fixed</c>.</summary>
    internal ref byte GetPinnableReference() => ref MemoryMarshal.GetArrayDataReference(_memory);

    [MemberNotNull(nameof(_memory))]
    private void Allocate(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, Array.MaxLength - HeaderLength);
        _memory = GC.AllocateUninitializedArray<byte>(HeaderLength + capacity);
    }
}
