using System;

namespace PsIpc.Native.Posix;

/// <summary>Says that messages are waiting in a POSIX queue.</summary>
/// <param name="name">The queue's name.</param>
/// <param name="messageCount">Messages in it at that moment.</param>
/// <param name="error">Why no further arrivals will be told of; null as long as they will.</param>
public sealed class PosixQueueArrivalEventArgs(string name, long messageCount, Exception? error) : EventArgs
{
    /// <summary>The queue's name.</summary>
    public string Name { get; } = name;

    /// <summary>Messages in the queue when the event was raised; 0 together with an error.</summary>
    public long MessageCount { get; } = messageCount;

    /// <summary>Why the listener stopped; null as long as it goes on.</summary>
    public Exception? Error { get; } = error;
}
