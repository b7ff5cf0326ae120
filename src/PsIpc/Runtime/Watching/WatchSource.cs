using System;
using System.Collections.Generic;
using PsIpc.Native.Waiting;
using PsIpc.Native.Watching;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>A place where objects come and go: a table of the kernel, or directories.</summary>
internal abstract class WatchSource(ObjectWatch watch) : IDisposable
{
    /// <summary>The kind that errors are about; one of several that are watched together.</summary>
    internal abstract KindOperations Target { get; }

    /// <summary>Whether there is anything to look at that the kernel tells nobody of.</summary>
    internal abstract bool IsPolled { get; }

    /// <summary>What cannot be watched any more.</summary>
    internal bool IsOver { get; private protected set; }

    /// <summary>When it wants to be looked at again, whether or not anything happens.</summary>
    internal virtual Deadline Due => Deadline.Infinite;

    /// <summary>The watch that it belongs to.</summary>
    private protected ObjectWatch Watch => watch;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Begins to watch, and lists what is there.</summary>
    internal abstract void Start();

    /// <summary>Looks for what the kernel tells nobody of.</summary>
    internal abstract void Poll();

    /// <summary>Does what has become due.</summary>
    internal virtual void Settle()
    {
    }

    /// <summary>Whether a watch is of this source.</summary>
    internal virtual bool Owns(int directory) => false;

    /// <summary>Takes what happened in one of its directories.</summary>
    internal virtual void Apply(in DirectoryChange change)
    {
    }

    /// <summary>Compares all that is there with what was known: events were lost.</summary>
    internal virtual void ListAnew()
    {
    }

    /// <summary>Tells of a change, when there is one that matters.</summary>
    private protected void Compare(ObjectComparer comparer, IpcObject before, IpcObject now)
    {
        if (comparer.Compare(before, now) is var (names, text))
        {
            Watch.Emit(nameof(IpcEventType.Changed), now, before, names, text);
        }
    }

    private protected void Created(IpcObject subject) => Watch.Emit(nameof(IpcEventType.Created), subject);

    private protected void Removed(IpcObject subject) => Watch.Emit(nameof(IpcEventType.Removed), subject);

    private protected static Dictionary<string, T> ByName<T>() => new(StringComparer.Ordinal);
}
