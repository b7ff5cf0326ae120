using System;
using PsIpc.Native;
using PsIpc.Native.Memory;

namespace PsIpc.Runtime;

/// <summary>Shared memory of any kind, open to be read and written.</summary>
internal sealed class OpenMemory : IDisposable
{
    private readonly bool _keepsView;
    private readonly bool _canWrite;
    private MemoryView? _view;

    internal OpenMemory(MemoryObject memory, bool canWrite) => (Object, _canWrite) = (memory, canWrite);

    internal OpenMemory(MemoryView view) => (_view, _keepsView) = (view, true);

    internal OpenMemory(int segment, bool canWrite) => (Segment, _canWrite) = (segment, canWrite);

    /// <summary>What has a descriptor; null of a segment and of a view.</summary>
    internal MemoryObject? Object { get; }

    /// <summary>The segment; null of anything else.</summary>
    internal int? Segment { get; }

    /// <summary>The view that it was opened as; null of anything else.</summary>
    internal MemoryView? View => _keepsView ? _view : null;

    /// <summary>Device and inode of what it is, or of what the view shows; null of a segment.</summary>
    internal (ulong Device, ulong Inode)? Identity => Object?.Identity ?? _view?.Identity;

    /// <summary>Reads and writes it: by its descriptor where it has one. Huge pages have no write(2), and where there are none nothing can be mapped.</summary>
    internal IMemory Bytes => Object is { } memory && (!_canWrite || !memory.HasHugePages || memory.Length == 0) ? memory : Whole;

    /// <summary>All of it in this process's memory.</summary>
    /// <exception cref="IpcException">EFAULT ("memory"): there is none any more.</exception>
    internal MemoryView Whole => _view ??= Object is null
        ? MemoryView.Attach(Segment!.Value, !_canWrite, 0, null)
        : Object.Length is > 0 and var length ? Object.Map(_canWrite ? MemoryShare.ReadWrite : MemoryShare.ReadOnly, 0, length)
        : throw new IpcException("memory", Errno.EFAULT);

    public void Dispose()
    {
        if (!_keepsView)
        {
            _view?.Dispose();
        }

        Object?.Dispose();
    }
}
