using PsIpc.Native;
using PsIpc.Native.Waiting;

namespace PsIpc.Runtime;

/// <summary>Waits for a handle of this module: what was read ahead of it counts, and to close it ends the wait for it.</summary>
internal sealed class HandleReadiness : DescriptorReadiness
{
    private readonly StreamHandle _handle;
    private readonly bool _hasInput;
    private volatile bool _isClosed;

    internal HandleReadiness(StreamHandle handle, WaitCondition condition)
        : base(handle.Owned, condition, owns: false)
    {
        _handle = handle;
        _hasInput = condition == WaitCondition.Readable
            && (!handle.Input.Available.IsEmpty || handle is UnixSocketHandle { Returned.IsEmpty: false });
        handle.Closed += OnClosed;
        if (handle.IsClosed)
        {
            _isClosed = true; // by another thread, just before
        }
    }

    /// <inheritdoc/>
    public override bool IsReady(DescriptorEvents found, long look) =>
        _isClosed ? throw new IpcException("poll", Errno.EBADF) : _hasInput || base.IsReady(found, look);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _handle.Closed -= OnClosed;
        base.Dispose(disposing);
    }

    private void OnClosed()
    {
        _isClosed = true;
        Changed?.Invoke();
    }
}
