namespace PsIpc.Native.Streams;

/// <summary>Which way bytes go through an opening.</summary>
public enum StreamAccess
{
    /// <summary>It is read.</summary>
    Read,

    /// <summary>It is written to.</summary>
    Write,

    /// <summary>Both: of a FIFO on Linux, an opening that never waits and never sees the end.</summary>
    ReadWrite,
}
