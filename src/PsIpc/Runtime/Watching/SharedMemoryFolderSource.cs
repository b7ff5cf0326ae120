using System;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Posix;
using PsIpc.Native.Waiting;
using PsIpc.Native.Watching;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>
/// POSIX shared memory and semaphores: files in /dev/shm. The kernel tells of all but the value of a semaphore, which changes in memory.
/// </summary>
/// <remarks>
/// glibc makes a semaphore in a file called sem.XXXXXX, writes to it, links it to its name and removes the first one. That is no object of
/// its own: a file of such a name waits a moment until it is told of, unless it goes first. One that nobody wrote to by
/// descriptor was linked: a semaphore that is really called so.
/// </remarks>
internal sealed class SharedMemoryFolderSource(ObjectWatch watch, bool wantsSemaphores) : FileSource(watch)
{
    private const int RandomLetters = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly PosixSemaphoreOperations _semaphores = (PosixSemaphoreOperations)AllKinds.Of(IpcKind.PosixSemaphore);
    private readonly PosixSharedMemoryOperations _memory = (PosixSharedMemoryOperations)AllKinds.Of(IpcKind.PosixSharedMemory);
    private readonly Dictionary<string, (Deadline Due, bool IsWritten)> _doubtful = ByName<(Deadline, bool)>();
    private int? _directory;

    internal override KindOperations Target => wantsSemaphores ? _semaphores : _memory;

    internal override bool IsPolled => wantsSemaphores && Entries.Any(one => one.Value.Object is PosixSemaphore);

    internal override Deadline Due
    {
        get
        {
            Deadline first = Deadline.Infinite;
            foreach ((Deadline due, bool _) in _doubtful.Values)
            {
                first = Deadline.Earlier(first, due);
            }

            return first;
        }
    }

    internal override void Start()
    {
        _directory = Watch.Directories.TryAdd(PosixSharedMemoryDirectory.MountPoint, withContents: true, out _)
            ?? throw new IpcException("open(/dev/shm)", Errno.ENOENT);
        ListFiles(isStart: true);
    }

    internal override bool Owns(int directory) => directory == _directory;

    internal override void Apply(in DirectoryChange change)
    {
        string name = change.Name;
        switch (change.Type)
        {
            case DirectoryChangeType.Ended or DirectoryChangeType.Moved:
                Restart();
                break;
            case var _ when change.IsDirectory || name.Length == 0:
                break;
            case DirectoryChangeType.Appeared when IsDoubtful(name):
                _doubtful[name] = (Deadline.After(Patience), false);
                break;
            case DirectoryChangeType.Appeared:
                Appeared(name);
                break;
            case DirectoryChangeType.Disappeared when _doubtful.Remove(name, out (Deadline Due, bool IsWritten) first):
                if (!first.IsWritten)
                {
                    Appeared(name);
                    Gone(name);
                }

                break;
            case DirectoryChangeType.Disappeared:
                Disappeared(name);
                break;
            case DirectoryChangeType.Modified when _doubtful.TryGetValue(name, out (Deadline Due, bool IsWritten) waiting):
                _doubtful[name] = (waiting.Due, true);
                break;
            default:
                Touched(name);
                break;
        }
    }

    internal override void Settle()
    {
        foreach (string name in _doubtful.Where(one => one.Value.Due.HasPassed).Select(one => one.Key).ToArray())
        {
            _doubtful.Remove(name);
            if (Look(name, out _) is not null)
            {
                Appeared(name); // else its end is still to be read
            }
        }
    }

    internal override void Poll()
    {
        if (!wantsSemaphores)
        {
            return;
        }

        foreach (string file in Entries.Where(one => one.Value.Object is PosixSemaphore).Select(one => one.Key).ToArray())
        {
            Touched(file);
        }
    }

    internal override void ListAnew()
    {
        _doubtful.Clear();
        ListFiles(isStart: false);
    }

    private protected override IpcObject? Look(string key, out bool isOther) =>
        PosixSharedMemoryDirectory.TryGetFile(key, out isOther) is { } status ? Describe(status) : null;

    private protected override (IpcKind Kind, string Name)? Guess(string key) =>
        key.StartsWith(PosixSharedMemoryDirectory.SemaphorePrefix, StringComparison.Ordinal) && key.Length > PosixSharedMemoryDirectory.SemaphorePrefix.Length
            ? (IpcKind.PosixSemaphore, "/" + key[PosixSharedMemoryDirectory.SemaphorePrefix.Length..])
            : (IpcKind.PosixSharedMemory, "/" + key);

    /// <summary>A name such as glibc makes up for a semaphore that is not complete yet.</summary>
    private static bool IsDoubtful(string name) =>
        name.StartsWith(PosixSharedMemoryDirectory.SemaphorePrefix, StringComparison.Ordinal)
        && name.Length == PosixSharedMemoryDirectory.SemaphorePrefix.Length + RandomLetters
        && name.Skip(PosixSharedMemoryDirectory.SemaphorePrefix.Length).All(char.IsAsciiLetterOrDigit);

    private IpcObject Describe(PosixSharedMemoryStatus status) =>
        status.IsSemaphore ? _semaphores.Describe(Watch.Context, status) : _memory.Describe(Watch.Context, status);

    /// <summary>One that was listed in the moment in which it had both names goes unnoticed.</summary>
    private void Disappeared(string name)
    {
        if (IsDoubtful(name) && Entries.FirstOrDefault(one => one.Key == name).Value is { IsTold: false, Object.Inode: { } inode }
            && Entries.Any(one => one.Key != name && one.Value.Object?.Inode == inode))
        {
            Forget(name);
            return;
        }

        Gone(name);
    }

    private void ListFiles(bool isStart)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (PosixSharedMemoryStatus status in PosixSharedMemoryDirectory.Enumerate())
        {
            Watch.ThrowIfStopped();
            string key = status.Path[(PosixSharedMemoryDirectory.MountPoint.Length + 1)..];
            found.Add(key);
            Found(key, Describe(status), isStart);
        }

        RemoveAllBut(found);
    }

    /// <summary>Another file system was mounted there, or none is any more.</summary>
    private void Restart()
    {
        RemoveAllBut([]);
        _doubtful.Clear();
        Watch.Directories.Remove(_directory ?? -1);
        _directory = Watch.Directories.TryAdd(PosixSharedMemoryDirectory.MountPoint, withContents: true, out _);
        if (_directory is null)
        {
            IsOver = true;
            Watch.Request.RootGone(PosixSharedMemoryDirectory.MountPoint);
            return;
        }

        ListFiles(isStart: false);
    }
}
