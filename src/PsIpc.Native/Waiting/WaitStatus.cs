namespace PsIpc.Native.Waiting;

/// <summary>How a call that may block came back.</summary>
public enum WaitStatus
{
    /// <summary>It did what it was asked to do.</summary>
    Done,

    /// <summary>It would have had to block, and was told not to.</summary>
    WouldBlock,

    /// <summary>The deadline passed first.</summary>
    TimedOut,

    /// <summary>The waiter was cancelled first; nothing was done.</summary>
    Cancelled,
}
