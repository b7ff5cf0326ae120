using System;
using System.Collections.Generic;

namespace PsIpc;

/// <summary>A POSIX shared memory object; see shm_overview(7).</summary>
public sealed class PosixSharedMemory : IpcObject, Columns.IPosixSharedMemory
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.PosixSharedMemory);

    /// <summary>The file that it is.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>Bytes that it takes in memory and swap: pages nobody has written to take none.</summary>
    public long AllocatedBytes { get; internal set; }

    /// <summary>When its size was set or it was written to by descriptor, in local time; writing through a mapping is not recorded.</summary>
    public DateTime? ModifyTime { get => Times.Local(field); internal set; }

    /// <summary>When its attributes changed last, in local time.</summary>
    public DateTime? ChangeTime { get => Times.Local(field); internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => Times.Latest(ModifyTime, ChangeTime);

    string Columns.IPosixSharedMemory.AllocatedText => AllocatedText;

    internal override string IdText => "";

    internal override string Summary => $"{AllocatedText} in memory";

    internal override IEnumerable<int> ProcessIds => [];

    private string AllocatedText => HumanSize.Format(AllocatedBytes);
}
