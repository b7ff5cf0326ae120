using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Posix;

/// <summary>Waits for a POSIX queue. The kernel tells by its descriptor when messages or room come, by inotify(7) when it is removed.</summary>
public sealed class PosixQueueReadiness : ReadinessSource
{
    private readonly string _name;
    private readonly WaitCondition _condition;
    private readonly PosixMessageQueue? _queue;
    private bool _isClosed;

    private PosixQueueReadiness(string name, WaitCondition condition, PosixMessageQueue? queue) =>
        (_name, _condition, _queue, Identity) = (name, condition, queue, queue?.Identity);

    /// <summary>Opens the queue as the condition needs it.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="condition">Readable: it has a message. Writable: it is not full. Zero: it is empty. Gone: its name was removed.</param>
    /// <exception cref="IpcException">"mq_open" ENOENT: there is none; EACCES: no permission.</exception>
    public static PosixQueueReadiness Open(string name, WaitCondition condition)
    {
        PosixMessageQueue.Access access = condition == WaitCondition.Writable ? PosixMessageQueue.Access.Send : PosixMessageQueue.Access.Receive;
        try
        {
            return new PosixQueueReadiness(name, condition, PosixMessageQueue.Open(name, access, nonBlocking: true));
        }
        catch (IpcException e) when (condition == WaitCondition.Gone && e.Errno == Errno.EACCES)
        {
            return new PosixQueueReadiness(name, condition, null); // whether there is one is seen by everybody
        }
    }

    /// <summary>Device and inode of the queue; null of one that may not be opened.</summary>
    public (ulong Device, ulong Inode)? Identity { get; }

    /// <inheritdoc/>
    public override ReadinessMeans Means => _condition switch
    {
        WaitCondition.Readable or WaitCondition.Writable => ReadinessMeans.Descriptor,
        WaitCondition.Gone when _queue is not null => ReadinessMeans.File,
        _ => ReadinessMeans.Look,
    };

    /// <inheritdoc/>
    public override SafeDescriptor? Descriptor => Means == ReadinessMeans.Descriptor ? _queue!.Descriptor : null;

    /// <inheritdoc/>
    public override DescriptorEvents Events => _condition == WaitCondition.Writable ? DescriptorEvents.Output : DescriptorEvents.Input;

    /// <inheritdoc/>
    /// <remarks>Of one that is waited for to be gone alone: to close the last watch takes the kernel 10 ms, which nobody is to wait for who waits for a message.</remarks>
    public override SafeDescriptor? WatchedFile => _condition == WaitCondition.Gone ? _queue?.Descriptor : null;

    /// <inheritdoc/>
    public override bool CanVanish => Means == ReadinessMeans.Descriptor;

    /// <inheritdoc/>
    public override void OnWatched()
    {
        _isClosed = true;
        _queue!.Dispose();
    }

    /// <inheritdoc/>
    /// <exception cref="IpcException">"mq_receive" EIDRM: its name was removed, so that nobody new can be waited for.</exception>
    public override bool IsReady(DescriptorEvents found, long look)
    {
        if ((found & Events) != 0)
        {
            return true;
        }

        bool isGone = _queue is null || _isClosed ? IsNameFree() : FileStatus.Of(_queue.Descriptor).Links == 0;
        return _condition == WaitCondition.Gone ? isGone
            : isGone ? throw new IpcException("mq_receive", Errno.EIDRM)
            : _condition == WaitCondition.Zero && _queue!.MessageCount == 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _queue?.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool IsNameFree()
    {
        try
        {
            using PosixMessageQueue queue = PosixMessageQueue.Open(_name, PosixMessageQueue.Access.Receive, nonBlocking: true);
            return Identity is { } identity && queue.Identity != identity; // another's by now
        }
        catch (IpcException e) when (e.Errno is Errno.ENOENT or Errno.EACCES)
        {
            return e.Errno == Errno.ENOENT;
        }
    }
}
