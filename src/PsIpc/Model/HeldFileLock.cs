using System;
using System.Globalization;
using System.Management.Automation;

namespace PsIpc;

/// <summary>
/// A lock on a file that this runspace holds: what Lock-File emits and Unlock-File takes. The runspace keeps it, so that it is held until it is
/// given back or the runspace ends, also when nobody has this object any more.
/// </summary>
public sealed class HeldFileLock : IpcHandle, Columns.IHeldFileLock
{
    /// <summary>The file, as its full path.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>The kind of lock: Flock, OpenFileDescription or Record.</summary>
    public string LockKind { get; internal set; } = "";

    /// <summary>Read for a shared lock, Write for an exclusive one.</summary>
    public string Access { get; internal set; } = "";

    /// <summary>The first byte that is locked.</summary>
    public long Start { get; internal set; }

    /// <summary>How many bytes are locked; null for all up to the end of the file, however far that may move.</summary>
    public long? Length { get; internal set; }

    /// <summary>Whether it is still held.</summary>
    public bool IsHeld
    {
        get;
        internal set
        {
            field = value;
            if (!value)
            {
                OnClosed();
            }
        }
    }

    /// <summary>When it was taken, or last converted, in local time.</summary>
    public DateTime LockedTime { get; internal set; }

    /// <summary>The process that holds it.</summary>
    public int ProcessId { get; internal set; }

    /// <summary>Device of the file: the upper half the major number, the lower the minor.</summary>
    public ulong Device { get; internal set; }

    /// <summary>Inode of the file.</summary>
    public ulong Inode { get; internal set; }

    string Columns.IHeldFileLock.PathText => NameText;

    string Columns.IHeldFileLock.RangeText => LockKind == "Flock" ? "whole file"
        : string.Create(CultureInfo.InvariantCulture, $"{Start}..{(Length is { } length ? (Start + length - 1).ToString(CultureInfo.InvariantCulture) : "end")}");

    internal override string HandleText => "FileLock";

    internal override string StateText => IsHeld ? $"{LockKind} {Access}" : "Released";

    internal override string NameText => Visible.Of(Path);

    /// <summary>How the lock is given back.</summary>
    internal Action Release { get; set; } = () => { };

    /// <inheritdoc/>
    [Hidden]
    public override bool IsClosed => !IsHeld;

    /// <inheritdoc/>
    private protected override void Close() => Release();

    /// <summary>Kind, access and path.</summary>
    public override string ToString() => $"{LockKind} {Access} {Path}";
}
