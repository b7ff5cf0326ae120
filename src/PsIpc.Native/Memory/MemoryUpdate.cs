namespace PsIpc.Native.Memory;

/// <summary>How a cell of memory is changed in one indivisible step.</summary>
public enum MemoryUpdate
{
    /// <summary>A number is added to it; it wraps around at its ends.</summary>
    Add,

    /// <summary>It gets another value.</summary>
    Exchange,

    /// <summary>It gets another value if it has the expected one.</summary>
    CompareExchange,
}
