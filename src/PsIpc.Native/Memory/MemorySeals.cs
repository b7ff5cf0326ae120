using System;

namespace PsIpc.Native.Memory;

/// <summary>What can never be done again with memory that has no name: F_ADD_SEALS of fcntl(2).</summary>
[Flags]
public enum MemorySeals
{
    /// <summary>Everything can.</summary>
    None = 0,

    /// <summary>No further seals.</summary>
    Seal = 1,

    /// <summary>It does not become shorter.</summary>
    Shrink = 2,

    /// <summary>It does not become longer.</summary>
    Grow = 4,

    /// <summary>It is not written to.</summary>
    Write = 8,

    /// <summary>It is not written to but through the mappings that there are already (Linux 5.1).</summary>
    FutureWrite = 16,
}
