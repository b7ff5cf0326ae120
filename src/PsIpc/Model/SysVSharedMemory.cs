using System;
using System.Collections.Generic;
using System.Globalization;

namespace PsIpc;

/// <summary>A System V shared memory segment; see sysvipc(7), shmctl(2).</summary>
public sealed class SysVSharedMemory : SysVObject, Columns.ISysVSharedMemory
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.SysVSharedMemory);

    /// <summary>How often it is attached now: a process counts once for each attachment.</summary>
    public long AttachCount { get; internal set; }

    /// <summary>Who made it; null of a process that is out of sight. It may have ended, and its pid be another's now.</summary>
    public int? CreatorPid { get; internal set; }

    /// <summary>Who attached or detached it last; null when nobody did.</summary>
    public int? LastPid { get; internal set; }

    /// <summary>When somebody attached it last, in local time; null when nobody did.</summary>
    public DateTime? AttachTime { get => Times.Local(field); internal set; }

    /// <summary>When somebody detached it last, in local time; null when nobody did.</summary>
    public DateTime? DetachTime { get => Times.Local(field); internal set; }

    /// <summary>Whether its pages stay in memory (SHM_LOCK).</summary>
    public bool Locked { get; internal set; }

    /// <summary>Whether it was removed already and goes with its last attachment.</summary>
    public bool MarkedForRemoval { get; internal set; }

    /// <summary>Bytes of it that are in memory: pages that nobody has touched are not. Null where /proc does not tell.</summary>
    public long? ResidentBytes { get; internal set; }

    /// <summary>Bytes of it that are in swap; null where /proc does not tell.</summary>
    public long? SwappedBytes { get; internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => Times.Latest(AttachTime, DetachTime, ChangeTime);

    string Columns.ISysVSharedMemory.ResidentText => HumanSize.Format(ResidentBytes);

    string Columns.ISysVSharedMemory.StatusText => StatusText;

    internal override string Summary =>
        string.Create(CultureInfo.InvariantCulture, $"{AttachCount} attached{(StatusText.Length > 0 ? ", " + StatusText : "")}");

    internal override IEnumerable<int> ProcessIds => [CreatorPid ?? 0, LastPid ?? 0];

    private string StatusText => (MarkedForRemoval, Locked) switch
    {
        (true, true) => "removed, locked",
        (true, false) => "removed",
        (false, true) => "locked",
        _ => "",
    };
}
