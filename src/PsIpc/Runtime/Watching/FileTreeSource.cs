using System;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Watching;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>
/// FIFOs and socket files in directories and all below them, or at paths. The kernel tells of all but what becomes of the socket behind a file,
/// for which its table is looked at.
/// </summary>
internal sealed class FileTreeSource(ObjectWatch watch, bool wantsFifos, bool wantsSockets) : FileSource(watch)
{
    private readonly Dictionary<int, Node> _nodes = [];

    internal override KindOperations Target => AllKinds.Of(wantsSockets ? IpcKind.UnixSocket : IpcKind.Fifo);

    internal override bool IsPolled => wantsSockets && Entries.Any(one => one.Value.Object is UnixSocket);

    internal override void Start()
    {
        foreach (string root in Watch.Request.Roots!)
        {
            if (!AddRoot(root, isStart: true, []))
            {
                Watch.Request.Failed(new IpcException("stat", Errno.ENOENT), root, root);
            }
        }

        IsOver = _nodes.Count == 0;
    }

    internal override bool Owns(int directory) => _nodes.ContainsKey(directory);

    internal override void Apply(in DirectoryChange change)
    {
        Node node = _nodes[change.Watch];
        string path = $"{node.Path}/{change.Name}";
        switch (change.Type)
        {
            case DirectoryChangeType.Ended or DirectoryChangeType.Moved when node.Root is not null || node.Names is not null:
                Restart(change.Watch, node);
                break;
            case DirectoryChangeType.Ended:
                _nodes.Remove(change.Watch);
                break;
            case var _ when change.Name.Length == 0 || node.Names?.ContainsKey(change.Name) == false:
                break;
            case DirectoryChangeType.Appeared when change.IsDirectory:
                AddBelow(path);
                break;
            case DirectoryChangeType.Disappeared when change.IsDirectory:
                RemoveBelow(path);
                break;
            case var _ when change.IsDirectory:
                break;
            case DirectoryChangeType.Appeared:
                Appeared(path);
                break;
            case DirectoryChangeType.Disappeared:
                Gone(path);
                break;
            default:
                Touched(path);
                break;
        }
    }

    internal override void Poll()
    {
        if (!IsPolled)
        {
            return;
        }

        ILookup<(ulong?, uint?), UnixSocketStatus> bound = UnixSocketTable.Read().Where(one => one.FileInode is not null).ToLookup(one => (one.FileDevice, one.FileInode));
        foreach ((string path, KnownFile entry) in Entries.ToArray())
        {
            if (entry.Object is UnixSocket socket
                && bound[(socket.FileDevice, (uint?)socket.FileInode)].MinBy(UnixSocketOperations.Rank) is var now
                && (now?.Inode != socket.Inode || (now is not null && now.State.ToString() != socket.State)))
            {
                Touched(path);
            }
        }
    }

    internal override void ListAnew()
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        Dictionary<int, Node> before = new(_nodes);
        _nodes.Clear();
        foreach (string root in Watch.Request.Roots!)
        {
            AddRoot(root, isStart: false, found);
        }

        foreach (int gone in before.Keys.Where(one => !_nodes.ContainsKey(one)))
        {
            Watch.Directories.Remove(gone);
        }

        RemoveAllBut(found);
        IsOver = _nodes.Count == 0;
    }

    private protected override bool IsSame(IpcObject first, IpcObject second) =>
        first is UnixSocket one && second is UnixSocket other
            ? one.FileDevice == other.FileDevice && one.FileInode == other.FileInode
            : base.IsSame(first, second);

    private protected override IpcObject? Look(string key, out bool isOther)
    {
        using FileObject? file = FileObjectOperations.TryLook(key);
        isOther = file is not null;
        return file?.Type switch
        {
            FileObjectType.Fifo when wantsFifos => FifoOperations.Describe(Watch.Context, file, key),
            FileObjectType.Socket when wantsSockets => UnixSocketOperations.Describe(Watch.Context, file, key),
            _ => null,
        };
    }

    /// <summary>The kernel does not tell what a name was: it could have been any file.</summary>
    private protected override (IpcKind Kind, string Name)? Guess(string key) => null;

    /// <summary>A directory and all below it; or one name of a directory, which may be there or be made later.</summary>
    private bool AddRoot(string root, bool isStart, HashSet<string> found)
    {
        string path = root.TrimEnd('/');
        if (AddTree(path, root, isStart, found))
        {
            return true;
        }

        int slash = path.LastIndexOf('/');
        string parent = slash <= 0 ? "" : path[..slash];
        if (path.Length == 0 || Watch.Directories.TryAdd(parent.Length == 0 ? "/" : parent, withContents: false, out _) is not { } directory)
        {
            return false;
        }

        if (!_nodes.TryGetValue(directory, out Node? node))
        {
            _nodes[directory] = node = new Node(parent) { Names = new(StringComparer.Ordinal) };
        }

        if (node.Names is { } names)
        {
            names[path[(slash + 1)..]] = root;
        }

        if (Look(path, out bool isOther) is { } now)
        {
            found.Add(path);
            Found(path, now, isStart);
        }
        else if (isStart && !isOther)
        {
            Watch.Request.Verbose($"There is nothing at {root} yet.");
        }

        return true;
    }

    /// <summary>Watches a directory and all below it, and finds what is there; false when it is no directory.</summary>
    private bool AddTree(string top, string? root, bool isStart, HashSet<string> found)
    {
        Stack<string> directories = new([top]);
        bool isDirectory = false;
        while (directories.TryPop(out string? path))
        {
            Watch.ThrowIfStopped();
            IReadOnlyList<FoundFile> files;
            try
            {
                if (Watch.Directories.TryAdd(path.Length == 0 ? "/" : path, withContents: false, out files) is not { } directory)
                {
                    continue;
                }

                isDirectory = true;
                if (_nodes.TryGetValue(directory, out Node? known) && known.Names is null && known.Path == path)
                {
                    continue; // below another root, too
                }

                _nodes[directory] = new Node(path) { Root = path == top ? root : null };
            }
            catch (IpcException e) when (e.Errno == Errno.EACCES || !isStart)
            {
                isDirectory = true;
                Watch.Request.Failed(e, path, path);
                continue;
            }

            foreach (FoundFile file in files)
            {
                if (file.IsDirectory)
                {
                    directories.Push(file.Path);
                }
                else if (Look(file.Path, out _) is { } now)
                {
                    found.Add(file.Path);
                    Found(file.Path, now, isStart);
                }
            }
        }

        return isDirectory;
    }

    /// <summary>A directory was made or moved here. The root of the watch may have come back.</summary>
    private void AddBelow(string path) =>
        AddTree(path, Watch.Request.Roots!.FirstOrDefault(root => root.TrimEnd('/') == path), isStart: false, []);

    private void RemoveBelow(string path)
    {
        string prefix = path + "/";
        foreach (string key in Entries.Select(one => one.Key).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
        {
            Gone(key);
        }

        foreach ((int directory, Node node) in _nodes.Where(one => one.Value.Path == path || one.Value.Path.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
        {
            _nodes.Remove(directory);
            Watch.Directories.Remove(directory);
        }
    }

    /// <summary>A directory that the user named is gone, or its path leads to another one.</summary>
    private void Restart(int directory, Node node)
    {
        _nodes.Remove(directory);
        Watch.Directories.Remove(directory);
        foreach (string name in node.Names?.Keys ?? (IEnumerable<string>)[])
        {
            Gone($"{node.Path}/{name}");
        }

        if (node.Names is null)
        {
            RemoveBelow(node.Path);
        }

        foreach (string root in node.Names?.Values.ToArray() ?? [node.Root!])
        {
            if (AddRoot(root, isStart: false, []))
            {
                Watch.Request.Verbose($"{root} is gone, or another file is there now: it is watched by its name.");
            }
            else
            {
                Watch.Request.RootGone(root);
            }
        }

        IsOver = _nodes.Count == 0;
    }

    /// <summary>A directory that is watched.</summary>
    /// <param name="path">Its path; empty for the root directory.</param>
    private sealed class Node(string path)
    {
        internal string Path => path;

        /// <summary>What the user called it; null of one below.</summary>
        internal string? Root { get; init; }

        /// <summary>The names in it that matter, and what the user called each; null where all do, and the directories below.</summary>
        internal Dictionary<string, string>? Names { get; init; }
    }
}
