namespace PsIpc.Native.Waiting;

/// <summary>
/// One system call that only its kernel object can end. A struct, so that the compiler makes a loop of its own
/// for each call and nothing is allocated.
/// </summary>
internal interface IBlockingCall
{
    /// <summary>The C name, for errors.</summary>
    static abstract string Name { get; }

    /// <summary>Whether this is what the call fails with instead of blocking.</summary>
    static abstract bool IsWouldBlock(Errno errno);

    /// <summary>Makes the call; returns -1 and leaves errno to Marshal.GetLastSystemError when it fails.</summary>
    /// <param name="block">Whether it may block.</param>
    nint Invoke(bool block);
}
