using System;

namespace PsIpc.Native.Posix;

/// <summary>Says that messages are waiting in a POSIX queue.</summary>
/// <param name="name">The queue's name.</param>
/// <param name="messageCount">Messages in it at that moment.</param>
/// <param name="error">What went wrong, instead of an arrival; else null.</param>
public sealed class PosixQueueArrivalEventArgs(string name, long messageCount, Exception? error) : EventArgs
{
    /// <summary>The queue's name.</summary>
    public string Name { get; } = name;

    /// <summary>Messages in the queue when the event was raised; 0 together with an error.</summary>
    public long MessageCount { get; } = messageCount;

    /// <summary>
    /// What went wrong, in an event of its own; null in one that tells of messages. The call "mq_notify(lost)": another process has the
    /// notification slot of an exclusive listener, which goes on. Any other: the listener has ended.
    /// </summary>
    public Exception? Error { get; } = error;
}
