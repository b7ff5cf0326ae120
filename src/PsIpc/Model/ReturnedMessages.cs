using System;
using System.Collections.Generic;
using System.Threading;
using PsIpc.Native;
using PsIpc.Native.Sockets;

namespace PsIpc;

/// <summary>
/// Messages of a socket that were taken in the very moment in which the pipeline was stopped, in the order in which they came: the next who
/// receives gets them first.
/// </summary>
internal sealed class ReturnedMessages
{
    private readonly Lock _gate = new();
    private readonly List<(byte[] Data, ReceivedMessage Message)> _messages = [];

    internal bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count == 0;
            }
        }
    }

    /// <summary>Keeps a message.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="message">What came with it.</param>
    /// <param name="isFirst">Whether it was kept before, and comes before the others again.</param>
    internal void Add(byte[] data, ReceivedMessage message, bool isFirst)
    {
        lock (_gate)
        {
            _messages.Insert(isFirst ? 0 : _messages.Count, (data, message));
        }
    }

    /// <summary>Takes the first message; of a stream, as much as is accepted.</summary>
    /// <param name="buffer">Where the data goes.</param>
    /// <param name="maxLength">Bytes that are accepted.</param>
    /// <param name="truncate">Whether a longer message is cut.</param>
    /// <param name="message">What came with it.</param>
    /// <exception cref="IpcException">"recvmsg(length)" EMSGSIZE: it is longer, and stays.</exception>
    /// <returns>Whether there was one.</returns>
    internal bool TryTake(MessageBuffer buffer, int maxLength, bool truncate, out ReceivedMessage message)
    {
        lock (_gate)
        {
            message = default;
            if (_messages.Count == 0)
            {
                return false;
            }

            (byte[] data, ReceivedMessage first) = _messages[0];
            bool isStream = first.IsOfStream;
            if (data.Length > maxLength && !truncate && !isStream)
            {
                throw new IpcException("recvmsg(length)", Errno.EMSGSIZE);
            }

            int length = Math.Min(data.Length, maxLength);
            buffer.EnsureCapacity(length);
            data.AsSpan(0, length).CopyTo(buffer.Data);
            if (isStream && length < data.Length)
            {
                // What was handed over came with the first byte.
                _messages[0] = (data[length..], first with { Descriptors = [], FullLength = data.Length - length });
                message = first with { Length = length, FullLength = length };
            }
            else
            {
                _messages.RemoveAt(0);
                message = first with { Length = length };
            }

            return true;
        }
    }
}
