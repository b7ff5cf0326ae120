using System;
using System.Globalization;

namespace PsIpc;

/// <summary>What Watch-IpcObject tells of.</summary>
public enum IpcEventType
{
    /// <summary>It is new, or there again under its name.</summary>
    Created,

    /// <summary>It is the same, and something about it is not as before.</summary>
    Changed,

    /// <summary>It is gone, or was replaced by another of its name.</summary>
    Removed,
}

/// <summary>Something that happened to an object of inter-process communication.</summary>
public sealed class IpcObjectEvent : Columns.IObjectEvent
{
    internal const string Existing = "Existing";

    internal IpcObjectEvent(string type, string kind, string name, IpcObject? subject, IpcObject? previous, string[] changedProperties, string text)
    {
        Time = DateTime.Now;
        Event = type;
        Kind = kind;
        Name = name;
        Object = subject;
        Previous = previous;
        ChangedProperties = changedProperties;
        Text = text;
    }

    /// <summary>When it was seen, in local time: at once where the kernel tells, else at the next look.</summary>
    public DateTime Time { get; }

    /// <summary>What happened: Created, Changed or Removed; Existing of what was there before.</summary>
    public string Event { get; }

    /// <summary>The kind of object: the text of an <see cref="IpcKind"/>.</summary>
    public string Kind { get; }

    /// <summary>What the object is called, as <see cref="IpcObject.Name"/>.</summary>
    public string Name { get; }

    /// <summary>
    /// The object as it was when it was looked at; of a removed one, as it was last. Null of one that was gone before it could be looked at.
    /// </summary>
    public IpcObject? Object { get; }

    /// <summary>Of a change, the object as it was before; else null.</summary>
    public IpcObject? Previous { get; }

    /// <summary>Of a change, the properties that are not as before; else empty.</summary>
    public string[] ChangedProperties { get; }

    /// <summary>Of a change, what was and what is; else what matters most about the object.</summary>
    public string Text { get; }

    string Columns.IObjectEvent.TimeText => Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    string Columns.IObjectEvent.Identity => Identity;

    private string Identity => Object?.Identity ?? Name;

    /// <summary>What happened to what.</summary>
    public override string ToString() => $"{Event} {Kind} {Identity}";
}
