using System;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Handles;
using PsIpc.Native.Posix;
using PsIpc.Native.Watching;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>
/// POSIX message queues: files of the namespace's own file system, which is watched whether or not it is mounted anywhere. The kernel tells of
/// all but messages, for which the queues are looked at.
/// </summary>
internal sealed class MessageQueueFolderSource(ObjectWatch watch) : FileSource(watch)
{
    private SafeDescriptor? _folder;
    private int _directory;

    internal override KindOperations Target => AllKinds.Of(IpcKind.PosixMessageQueue);

    internal override bool IsPolled => Entries.Any();

    public override void Dispose()
    {
        _folder?.Dispose();
        base.Dispose();
    }

    internal override void Start()
    {
        _folder = PosixQueueDirectory.Open();
        _directory = Watch.Directories.Add(_folder, withContents: false);
        List(isStart: true);
    }

    internal override bool Owns(int directory) => directory == _directory;

    internal override void Apply(in DirectoryChange change)
    {
        switch (change.Type)
        {
            case DirectoryChangeType.Ended:
                RemoveAllBut([]);
                IsOver = true;
                Watch.Request.RootGone("mqueue");
                break;
            case DirectoryChangeType.Appeared:
                Appeared(change.Name);
                break;
            case DirectoryChangeType.Disappeared:
                Gone(change.Name);
                break;
            case DirectoryChangeType.AttributesChanged when change.Name.Length > 0:
                Touched(change.Name);
                break;
            default:
                break;
        }
    }

    /// <summary>What is there and not known, or known and not there, an event will tell.</summary>
    internal override void Poll()
    {
        foreach (PosixMessageQueueStatus status in PosixQueueDirectory.Enumerate(_folder!))
        {
            Touched(status.Name[1..], PosixMessageQueueOperations.Describe(Watch.Context, status));
        }
    }

    internal override void ListAnew() => List(isStart: false);

    private protected override IpcObject? Look(string key, out bool isOther)
    {
        isOther = false;
        return PosixQueueDirectory.TryGet(_folder!, "/" + key) is { } status ? PosixMessageQueueOperations.Describe(Watch.Context, status) : null;
    }

    private protected override (IpcKind Kind, string Name)? Guess(string key) => (IpcKind.PosixMessageQueue, "/" + key);

    private void List(bool isStart)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (PosixMessageQueueStatus status in PosixQueueDirectory.Enumerate(_folder!))
        {
            found.Add(status.Name[1..]);
            Found(status.Name[1..], PosixMessageQueueOperations.Describe(Watch.Context, status), isStart);
        }

        RemoveAllBut(found);
    }
}
