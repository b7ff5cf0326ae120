using System;
using PsIpc.Native.Memory;

namespace PsIpc.Runtime;

/// <summary>Shared memory of any kind, open to be read and written.</summary>
internal sealed class OpenMemory : IDisposable
{
    private readonly bool _keepsView;
    private readonly bool _canWrite;
    private MemoryView? _view;

    internal OpenMemory(MemoryObject memory) => Object = memory;

    internal OpenMemory(MemoryView view) => (_view, _keepsView) = (view, true);

    internal OpenMemory(int segment, bool canWrite) => (Segment, _canWrite) = (segment, canWrite);

    /// <summary>What has a descriptor; null of a segment and of a view.</summary>
    internal MemoryObject? Object { get; }

    /// <summary>The segment; null of anything else.</summary>
    internal int? Segment { get; }

    /// <summary>The view that it was opened as; null of anything else.</summary>
    internal MemoryView? View => _keepsView ? _view : null;

    /// <summary>Reads and writes it: by its descriptor where it has one.</summary>
    internal IMemory Bytes => Object is { HasHugePages: false } memory ? memory : Whole;

    /// <summary>All of it in this process's memory.</summary>
    internal MemoryView Whole => _view ??= Object is null
        ? MemoryView.Attach(Segment!.Value, !_canWrite, 0, null)
        : Object.Map(MemoryShare.ReadWrite, 0, Object.Length);

    public void Dispose()
    {
        if (!_keepsView)
        {
            _view?.Dispose();
        }

        Object?.Dispose();
    }
}
