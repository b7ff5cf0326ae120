using System.Collections.Generic;
using System.Globalization;

namespace PsIpc;

/// <summary>A process, or an object, of a graph.</summary>
public sealed class IpcGraphNode : Columns.IGraphNode
{
    /// <summary>What edges call it: p and the pid of a process; o and a number of an object, which the same objects get in the same order.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>Process, or the kind of the object.</summary>
    public string Kind { get; internal set; } = "";

    /// <summary>The kernel's name for the process; the name of the object.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The pid of a process; null of an object.</summary>
    public int? ProcessId { get; internal set; }

    /// <summary>The user whose rights a process has; the owner of an object, where it has one.</summary>
    public string User { get; internal set; } = "";

    /// <summary>When a process was started, in clock ticks after the start of the system: what tells it from others of its pid. Null of an object.</summary>
    public long? StartTicks { get; internal set; }

    /// <summary>The id of a System V object; null of others.</summary>
    public int? ObjectId { get; internal set; }

    /// <summary>Whether it is part of a circle.</summary>
    public bool Deadlocked { get; internal set; }

    string Columns.IGraphNode.Text => Text;

    /// <summary>Name and number, as tables and pictures show it.</summary>
    internal string Text => (ProcessId ?? ObjectId) is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Name} ({number})").TrimStart() : Name;

    /// <summary>Whether it is a process.</summary>
    internal bool IsProcess => ProcessId is not null;

    /// <summary>The records that it stands for.</summary>
    internal List<IpcObject> Subjects { get; } = [];

    /// <summary>The file that it stands for by a lock.</summary>
    internal (ulong Device, ulong Inode)? LockedFile { get; init; }

    /// <summary>Kind, name and number.</summary>
    public override string ToString() => IsProcess ? Text : $"{Kind} {Text}";
}
