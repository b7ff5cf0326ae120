namespace PsIpc.Native.Waiting;

/// <summary>What an object is waited for to become.</summary>
public enum WaitCondition
{
    /// <summary>A message or data is there, a connection is to be accepted, a semaphore can be entered: to take it would not wait.</summary>
    Readable,

    /// <summary>There is room: to send or write would not wait.</summary>
    Writable,

    /// <summary>A semaphore's value is 0, a queue is empty.</summary>
    Zero,

    /// <summary>It was removed, given back or closed by its other side, or has ended.</summary>
    Gone,
}
