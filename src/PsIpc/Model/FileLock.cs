using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc;

/// <summary>A lock on a file, or a request that waits for one; see flock(2), fcntl_locking(2), proc_locks(5).</summary>
public sealed class FileLock : IpcObject, Columns.IFileLock
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.FileLock);

    /// <summary>The file; null where nobody who can be seen has it open. <see cref="IpcObject.Name"/> is then major:minor:inode.</summary>
    public string? Path { get; internal set; }

    /// <summary>Flock, OpenFileDescription, Record or Lease.</summary>
    public string LockKind { get; internal set; } = "";

    /// <summary>Read (shared) or Write (exclusive).</summary>
    public string Access { get; internal set; } = "";

    /// <summary>The first byte.</summary>
    public long Start { get; internal set; }

    /// <summary>The last byte; null for the end of the file, however far it grows.</summary>
    public long? End { get; internal set; }

    /// <summary>Who took it; of an open file description's lock, who has it open. Null when he is out of sight.</summary>
    public int? ProcessId { get; internal set; }

    /// <summary>The kernel's name for that process; empty when it has ended.</summary>
    public string ProcessName { get; internal set; } = "";

    /// <summary>Whether it is only a request, which waits.</summary>
    public bool Waiting { get; internal set; }

    /// <summary>Whom a request waits for; null of a lock, and when he is out of sight.</summary>
    public int? Blocker { get; internal set; }

    /// <summary>Who waits for it.</summary>
    public int[] Waiters { get; internal set; } = [];

    /// <summary>Nothing is recorded.</summary>
    public override DateTime? LastActivity => null;

    string Columns.IFileLock.ProcessText => Visible.Of(ProcessName);

    string Columns.IFileLock.RangeText => RangeText;

    string Columns.IFileLock.StateText => StateText;

    internal override string IdText => "";

    internal override string Summary =>
        $"{string.Join(", ", Takers.Select(one => string.Create(CultureInfo.InvariantCulture, $"{(one.Name.Length > 0 ? Visible.Of(one.Name) + " " : "")}({one.ProcessId})")))} {StateText}; {LockKind} {Access}, {RangeText}";

    /// <summary>Who it is that has it, or waits for it: where the process that took it has ended, those that still have the file open by it.</summary>
    internal IEnumerable<(string Name, int? ProcessId)> Takers => ProcessName.Length == 0 && Holders is { Length: > 0 } holders
        ? holders.Select(holder => (holder.ProcessName, (int?)holder.ProcessId)).Distinct()
        : [(ProcessName, ProcessId)];

    internal override IEnumerable<int> ProcessIds => [ProcessId ?? 0, Blocker ?? 0, .. Waiters];

    private string RangeText => Start == 0 && End is null ? "all"
        : string.Create(CultureInfo.InvariantCulture, $"{Start}-{(End is { } end ? end.ToString(CultureInfo.InvariantCulture) : "")}");

    private string StateText => Waiting
        ? string.Create(CultureInfo.InvariantCulture, $"waits for {Blocker?.ToString(CultureInfo.InvariantCulture) ?? "?"}")
        : Waiters.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"held, {Waiters.Length} waiting") : "held";
}
