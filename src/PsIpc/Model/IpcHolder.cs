using System.Globalization;

namespace PsIpc;

/// <summary>A process that has an object open, attached or mapped; one record for each descriptor and each mapping.</summary>
public sealed class IpcHolder : Columns.IHolder
{
    /// <summary>Its process id.</summary>
    public int ProcessId { get; internal set; }

    /// <summary>The kernel's name for it: 15 bytes at most.</summary>
    public string ProcessName { get; internal set; } = "";

    /// <summary>The user whose rights it has.</summary>
    public string User { get; internal set; } = "";

    /// <summary>The descriptor by which it holds the object; null of a mapping.</summary>
    public int? Descriptor { get; internal set; }

    /// <summary>Where it has the object attached or mapped, as in /proc/[pid]/maps; null of a descriptor.</summary>
    public string? AddressRange { get; internal set; }

    /// <summary>Read, Write or ReadWrite; None when it was opened for its attributes alone.</summary>
    public string Access { get; internal set; } = "";

    /// <summary>The kind of what it holds; empty in the Holders of an object.</summary>
    public string ObjectKind { get; internal set; } = "";

    /// <summary>The name of what it holds; empty in the Holders of an object.</summary>
    public string ObjectName { get; internal set; } = "";

    /// <summary>The id of the System V segment that it holds; null of others.</summary>
    public int? ObjectId { get; internal set; }

    /// <summary>When it was started, in clock ticks after the start of the system (proc_pid_stat(5)): what tells it from others of its pid.</summary>
    public long? StartTicks { get; internal set; }

    /// <summary>The machine, and its start, that the process is of.</summary>
    public string BootId { get; internal set; } = "";

    /// <summary>The PID namespace that its pid is of, by its inode.</summary>
    public long PidNamespace { get; internal set; }

    string Columns.IHolder.ProcessText => ProcessText;

    string Columns.IHolder.ByText => Descriptor?.ToString(CultureInfo.InvariantCulture) ?? AddressRange?.Split('-')[0] ?? "";

    string Columns.IHolder.ObjectText => ObjectId is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"{ObjectKind} {Visible.Of(ObjectName)} ({id})")
        : $"{ObjectKind} {Visible.Of(ObjectName)}".TrimEnd();

    /// <summary>The process's name, as tables show it.</summary>
    internal string ProcessText => Visible.Of(ProcessName);

    /// <summary>Name and pid.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProcessName} ({ProcessId})");
}
