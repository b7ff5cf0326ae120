using System;
using System.Threading;

namespace PsIpc.Native.Sockets;

/// <summary>
/// Who in this process receives messages from sockets, one after the other: a message is looked at and then taken, by two calls, between
/// which another must not take it. Nobody waits within. One for all sockets, because a socket may be open here by several descriptors.
/// </summary>
internal sealed class MessageGate
{
    // What the kernel can send as one message at most where pages have 4 KiB: 4 MiB of memory in one piece, and the fragments of a buffer.
    private const int Largest = (4 << 20) + (256 << 10);

    private MessageGate()
    {
    }

    internal static MessageGate Shared { get; } = new();

    /// <summary>Held from the look at a message until it is taken.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>
    /// Where the end of a message goes that is longer than the one that was looked at, because another process has taken that. Its pages are
    /// nowhere until then.
    /// </summary>
    internal byte[] Spare { get; } = GC.AllocateUninitializedArray<byte>(Largest, pinned: true);
}
