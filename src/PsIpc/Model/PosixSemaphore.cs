using System;
using System.Collections.Generic;
using System.Globalization;

namespace PsIpc;

/// <summary>
/// A named POSIX semaphore; see sem_overview(7). Value and waiters are read from its file, without opening the semaphore; null where
/// that may not be read. They are those of glibc: semaphores of musl are listed as shared memory.
/// </summary>
public sealed class PosixSemaphore : IpcObject
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.PosixSemaphore);

    /// <summary>The file that it is.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>Its value.</summary>
    public long? Value { get; internal set; }

    /// <summary>How many threads wait for it.</summary>
    public long? Waiters { get; internal set; }

    /// <summary>When it was made, in local time: using it is not recorded.</summary>
    public DateTime? ModifyTime { get => Times.Local(field); internal set; }

    /// <summary>When its attributes changed last, in local time.</summary>
    public DateTime? ChangeTime { get => Times.Local(field); internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => Times.Latest(ModifyTime, ChangeTime);

    internal override string IdText => "";

    internal override string Summary => Value is null
        ? "not readable"
        : string.Create(CultureInfo.InvariantCulture, $"value {Value}{(Waiters > 0 ? $", {Waiters} waiting" : "")}");

    internal override IEnumerable<int> ProcessIds => [];
}
