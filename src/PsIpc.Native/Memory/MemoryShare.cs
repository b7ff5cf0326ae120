namespace PsIpc.Native.Memory;

/// <summary>What a view may do with the memory it shows.</summary>
public enum MemoryShare
{
    /// <summary>Read and write it; others see what is written.</summary>
    ReadWrite,

    /// <summary>Read it.</summary>
    ReadOnly,

    /// <summary>Read it, and write to pages of its own that nobody else sees (MAP_PRIVATE).</summary>
    CopyOnWrite,
}
