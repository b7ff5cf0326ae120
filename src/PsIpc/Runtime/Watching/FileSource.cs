using System.Collections.Generic;
using System.Linq;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>
/// Objects that are files, whose directory tells what happens to names. Events are replayed in the order in which the kernel has them, so
/// that each creation and each removal is told of once, also of an object that is gone before it could be looked at.
/// </summary>
/// <remarks>
/// The directory is watched first and listed then. What was made in between is in the list and in an event as well: an object that was
/// listed remembers that, and the event that follows is not another creation.
/// </remarks>
internal abstract class FileSource(ObjectWatch watch) : WatchSource(watch)
{
    private readonly Dictionary<string, KnownFile> _entries = ByName<KnownFile>();
    private readonly Dictionary<string, ObjectComparer> _comparers = ByName<ObjectComparer>();

    /// <summary>The objects that were seen, by what tells their files apart.</summary>
    private protected IEnumerable<KeyValuePair<string, KnownFile>> Entries => _entries;

    /// <summary>The object of a file as it is now; null when it is gone, or none.</summary>
    /// <param name="key">What tells the file from others.</param>
    /// <param name="isOther">Whether there is a file which is no object that is watched.</param>
    private protected abstract IpcObject? Look(string key, out bool isOther);

    /// <summary>What a file was that is gone before it could be looked at; null where that cannot be known.</summary>
    private protected abstract (IpcKind Kind, string Name)? Guess(string key);

    /// <summary>Whether two records are of the same file.</summary>
    private protected virtual bool IsSame(IpcObject first, IpcObject second) =>
        first.Kind == second.Kind && first.Device == second.Device && first.Inode == second.Inode;

    /// <summary>An object was found by listing: before all events, in a directory that has just come, or after events were lost.</summary>
    private protected void Found(string key, IpcObject now, bool isStart)
    {
        if (_entries.TryGetValue(key, out KnownFile? entry))
        {
            if (entry.Object is { } before && IsSame(before, now))
            {
                entry.Object = now;
                Compare(ComparerOf(now), before, now);
                return;
            }

            Gone(key);
        }

        _entries[key] = new KnownFile { Object = now, IsListed = true, IsTold = !isStart || Watch.Request.IncludesExisting };
        if (isStart)
        {
            Watch.EmitExisting(now);
        }
        else
        {
            Created(now);
        }
    }

    /// <summary>After everything was listed anew: what was not found is gone.</summary>
    private protected void RemoveAllBut(HashSet<string> found)
    {
        foreach (string key in _entries.Keys.Where(key => !found.Contains(key)).ToArray())
        {
            Gone(key);
        }
    }

    /// <summary>A name is there that was not, or is another file's.</summary>
    private protected void Appeared(string key)
    {
        IpcObject? now = Look(key, out bool isOther);
        if (_entries.TryGetValue(key, out KnownFile? entry))
        {
            if (entry.IsListed && (now is null || (entry.Object is { } listed && IsSame(listed, now))))
            {
                entry.IsListed = false;
                if (!entry.IsTold)
                {
                    entry.IsTold = true;
                    Created(entry.Object!);
                }

                return;
            }

            Gone(key);
        }

        if (now is not null)
        {
            _entries[key] = new KnownFile { Object = now, IsTold = true };
            Created(now);
        }
        else if (!isOther && Guess(key) is var (kind, name))
        {
            _entries[key] = new KnownFile { Kind = kind, Name = name, IsTold = true };
            Watch.EmitUnseen(nameof(IpcEventType.Created), kind, name);
        }
    }

    /// <summary>A name is gone.</summary>
    private protected void Gone(string key)
    {
        if (!_entries.Remove(key, out KnownFile? entry))
        {
            return;
        }

        if (entry.Object is { } last)
        {
            Removed(last);
        }
        else
        {
            Watch.EmitUnseen(nameof(IpcEventType.Removed), entry.Kind, entry.Name);
        }
    }

    /// <summary>Forgets an object that was no object for itself.</summary>
    private protected void Forget(string key) => _entries.Remove(key);

    /// <summary>Something about a file may have changed.</summary>
    private protected void Touched(string key)
    {
        if (_entries.TryGetValue(key, out KnownFile? entry) && Look(key, out _) is { } now)
        {
            Touched(key, entry, now);
        }
    }

    /// <summary>An object is looked at again.</summary>
    private protected void Touched(string key, IpcObject now)
    {
        if (_entries.TryGetValue(key, out KnownFile? entry))
        {
            Touched(key, entry, now);
        }
    }

    private void Touched(string key, KnownFile entry, IpcObject now)
    {
        if (entry.Object is not { } before)
        {
            entry.Object = now; // gone when it was looked for, and this is its successor, whose event is still to come
        }
        else if (IsSame(before, now))
        {
            entry.Object = now;
            Compare(ComparerOf(now), before, now);
        }
        else if (before.Kind != now.Kind && before.Inode == now.Inode)
        {
            // A file that was memory has become a semaphore by its size, or ceased to be one.
            Gone(key);
            _entries[key] = new KnownFile { Object = now, IsTold = true };
            Created(now);
        }
    }

    private ObjectComparer ComparerOf(IpcObject subject)
    {
        if (!_comparers.TryGetValue(subject.Kind, out ObjectComparer? comparer))
        {
            _comparers[subject.Kind] = comparer = new ObjectComparer(AllKinds.Of(subject));
        }

        return comparer;
    }

    /// <summary>What is known of a file.</summary>
    internal sealed class KnownFile
    {
        /// <summary>The object as it was last; null of one that was gone before it could be looked at.</summary>
        internal IpcObject? Object { get; set; }

        /// <summary>What an object was that nobody has seen.</summary>
        internal IpcKind Kind { get; init; }

        /// <summary>What it was called.</summary>
        internal string Name { get; init; } = "";

        /// <summary>Whether it was found by listing, so that an event may follow that is older.</summary>
        internal bool IsListed { get; set; }

        /// <summary>Whether the user knows of it.</summary>
        internal bool IsTold { get; set; }
    }
}
