using System.Collections.Generic;
using PsIpc.Native.SysV;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>The objects of a System V table, which the kernel tells nobody of: an image of the table says which of them to look at.</summary>
internal sealed class SysVSource : WatchSource
{
    private readonly ObjectComparer _comparer;
    private readonly SysVTableImage _image;
    private readonly Dictionary<int, IpcObject> _objects = [];
    private readonly List<int> _came = [];
    private readonly List<int> _went = [];
    private readonly List<int> _changed = [];

    internal SysVSource(ObjectWatch watch, KindOperations operations)
        : base(watch)
    {
        _comparer = new ObjectComparer(operations);
        _image = new SysVTableImage(operations.Kind switch
        {
            IpcKind.SysVMessageQueue => SysVTable.MessageQueues,
            IpcKind.SysVSharedMemory => SysVTable.SharedMemory,
            _ => SysVTable.Semaphores,
        });
    }

    internal override KindOperations Target => _comparer.Operations;

    internal override bool IsPolled => true;

    internal override void Start()
    {
        Look();
        foreach (int id in _came)
        {
            Watch.ThrowIfStopped();
            if (_comparer.Operations.FindById(Watch.Context, id) is { } subject)
            {
                _objects[id] = subject;
                Watch.EmitExisting(subject);
            }
        }
    }

    internal override void Poll()
    {
        Look();
        foreach (int id in _went)
        {
            if (_objects.Remove(id, out IpcObject? last))
            {
                Removed(last);
            }
        }

        foreach (int id in _came)
        {
            Watch.ThrowIfStopped();

            // One that is gone already nobody has seen.
            if (_comparer.Operations.FindById(Watch.Context, id) is { } subject)
            {
                _objects[id] = subject;
                Created(subject);
            }
        }

        foreach (int id in _changed)
        {
            if (_objects.TryGetValue(id, out IpcObject? before) && _comparer.Operations.FindById(Watch.Context, id) is { } now)
            {
                _objects[id] = now;
                Compare(_comparer, before, now);
            }
        }
    }

    private void Look()
    {
        _came.Clear();
        _went.Clear();
        _changed.Clear();
        _image.Update(_came, _went, _changed);
    }
}
