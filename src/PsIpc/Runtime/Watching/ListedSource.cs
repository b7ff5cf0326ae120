using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>
/// Kinds that can only be listed, most of them by a pass over /proc: pipes, FIFOs and files that somebody has open or mapped, sockets of the
/// network namespace, locks. Where a table says cheaply that nothing came or went, there is no pass.
/// </summary>
internal sealed class ListedSource(ObjectWatch watch, KindOperations operations) : WatchSource(watch)
{
    private readonly ObjectComparer _comparer = new(operations);
    private Dictionary<string, IpcObject> _objects = ByName<IpcObject>();
    private byte[] _locks = [];
    private List<(ulong Inode, UnixSocketState State, ulong? Peer)> _sockets = [];

    internal override KindOperations Target => operations;

    internal override bool IsPolled => true;

    internal override void Start()
    {
        _ = MayHaveChanged();
        _objects = List();
        foreach (IpcObject subject in _objects.Values)
        {
            Watch.EmitExisting(subject);
        }
    }

    internal override void Poll()
    {
        try
        {
            if (!MayHaveChanged())
            {
                return;
            }

            Watch.RenewContext(); // what another kind had looked for may be older than what has just been seen
            Dictionary<string, IpcObject> now = List();
            foreach ((string key, IpcObject subject) in _objects.Where(one => !now.ContainsKey(one.Key)))
            {
                Removed(subject);
            }

            foreach ((string key, IpcObject subject) in now)
            {
                if (_objects.TryGetValue(key, out IpcObject? before))
                {
                    Compare(_comparer, before, subject);
                }
                else
                {
                    Created(subject);
                }
            }

            _objects = now;
        }
        catch (IpcException e)
        {
            IsOver = true;
            Watch.Request.Failed(e, operations.Kind, operations.DisplayName);
        }
    }

    private Dictionary<string, IpcObject> List()
    {
        Dictionary<string, IpcObject> found = ByName<IpcObject>();
        foreach (IpcObject subject in operations.Enumerate(Watch.Context))
        {
            Watch.ThrowIfStopped();
            string key = KeyOf(subject);
            for (int twin = 1; !found.TryAdd(twin == 1 ? key : string.Create(CultureInfo.InvariantCulture, $"{key} {twin}"), subject); twin++)
            {
                // a process may have the same lock twice, by two descriptors
            }
        }

        return found;
    }

    /// <summary>What never changes of an object, and tells it from all others.</summary>
    private static string KeyOf(IpcObject subject) => subject switch
    {
        FileLock one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Device}:{one.Inode} {one.LockKind} {one.Access} {one.Start}-{one.End} {one.ProcessId}"),
        UnixSocket one => string.Create(CultureInfo.InvariantCulture, $"{one.Inode} {(one.Inode is null or 0 ? one.Name : "")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{subject.Device}:{subject.Inode}"),
    };

    private bool MayHaveChanged()
    {
        switch (operations.Kind)
        {
            case IpcKind.FileLock:
                byte[] locks = FileLockTable.ReadText();
                bool isSame = locks.AsSpan().SequenceEqual(_locks);
                _locks = locks;
                return !isSame;
            case IpcKind.UnixSocket:
                List<(ulong, UnixSocketState, ulong?)> sockets = [.. UnixSocketTable.Read().Select(one => (one.Inode, one.State, one.PeerInode))];
                isSame = sockets.SequenceEqual(_sockets);
                _sockets = sockets;
                return !isSame;
            default:
                return true;
        }
    }
}
