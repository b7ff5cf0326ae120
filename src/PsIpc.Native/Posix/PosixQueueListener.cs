using System;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Posix;

/// <summary>
/// Tells of messages in a POSIX queue without taking them: of those that are there at the start, of each that
/// arrives, and again after one was taken while others remain. Nothing is polled: the kernel wakes the thread.
/// </summary>
/// <remarks>
/// <para>It keeps a descriptor of its own and looks for edges in its readiness (epoll). mq_notify(3) alone would not do:
/// it tells only of the first message in an empty queue, once, and is cancelled when <em>any</em> descriptor of the queue
/// is closed in the process, as every listing of queues does.</para>
/// <para>An exclusive listener holds the queue's one notification slot as well, so that no other process can register.
/// The kernel reports to a netlink socket when the slot is used up or cancelled, and it is taken again at once. Where another process was quicker,
/// the listener says so and tries again each time it is woken: that one's registration ends with the next message into the empty queue.</para>
/// <para>Like every waiting program it is passed over while somebody sits in mq_receive: that one gets the message.</para>
/// </remarks>
public sealed class PosixQueueListener : IDisposable
{
    private const int QueueTag = 0;
    private const int SlotTag = 1;
    private const int CookieLength = 32; // NOTIFY_COOKIE_LEN
    private const int ShortestPause = 25; // ms between looks at a full queue
    private const int LongestPause = 1600;

    private readonly string _name;
    private readonly PosixMessageQueue _queue;
    private readonly ReadinessMonitor _monitor = new();
    private readonly SafeDescriptor? _slot;
    private readonly Thread _thread;
    private readonly Func<IpcException, Exception> _explain;
    private int _disposed;
    private bool _isSlotLost;
    private volatile bool _started;

    /// <summary>Opens the queue, and takes its notification slot when exclusive.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="exclusive">Whether to keep others from mq_notify.</param>
    /// <param name="explain">Makes what listeners are told of a failure; the failure itself unless given.</param>
    /// <exception cref="IpcException">mq_open's errors; EBUSY from mq_notify: another process has the slot.</exception>
    public PosixQueueListener(string name, bool exclusive, Func<IpcException, Exception>? explain = null)
    {
        _name = name;
        _explain = explain ?? (static failure => failure);
        _thread = new Thread(Listen) { IsBackground = true, Name = $"PsIpc listens to {name}" };
        try
        {
            _queue = PosixMessageQueue.Open(name, PosixMessageQueue.Access.Receive, nonBlocking: true);
            _monitor.Watch(_queue.Descriptor, QueueTag);
            if (exclusive)
            {
                int socket = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
                _slot = SafeDescriptor.Checked(socket, "socket(AF_NETLINK)");
                _monitor.Watch(_slot, SlotTag);
                TakeSlot();
            }
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>
    /// Raised on the listener's own thread. Messages that were there at the start are told of, too. An arrival may be
    /// told of together with later ones, or twice: who listens takes all there are.
    /// </summary>
    public event EventHandler<PosixQueueArrivalEventArgs>? Arrived;

    /// <summary>Device and inode of the queue that it has open: what tells it from another of its name.</summary>
    public (ulong Device, ulong Inode) Identity => _queue.Identity;

    /// <summary>Begins to listen.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _started = true;
        _thread.Start();
    }

    /// <summary>
    /// Closes the queue and gives the notification slot back at once; the thread ends by itself as soon as it can. It is
    /// not waited for: it may be inside a handler that waits for the caller. May be called from such a handler.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _monitor.Cancel();
        _slot?.Dispose();
        _queue.Dispose();
        if (!_started)
        {
            _monitor.Dispose(); // otherwise the thread does when it has come back from its wait
        }
    }

    private void Listen()
    {
        try
        {
            // A level that is there at the start is the first edge.
            int pause = ReadinessMonitor.Forever;
            DateTimeOffset used = default;
            for (int ready = _monitor.Wait(pause); ready != 0; ready = _monitor.Wait(pause))
            {
                if ((ready & (1 << SlotTag)) != 0)
                {
                    DrainSlot();
                    RetakeSlot();
                }
                else if (_isSlotLost)
                {
                    RetakeSlot();
                }

                if (ready == 1 << SlotTag)
                {
                    continue;
                }

                // A message that is taken from a full queue makes room for one of a sender who waits: the kernel puts it in, and tells nobody. So
                // whoever takes one each time he is told would never be told again. A full queue is told of once more, less and less often where
                // nobody takes anything.
                (long count, bool isFull) = _queue.Filling;
                if (isFull || (count > 0 && ready != ReadinessMonitor.TimedOut))
                {
                    Arrived?.Invoke(this, new PosixQueueArrivalEventArgs(_name, count, null));
                }

                DateTimeOffset lastUse = isFull ? FileStatus.Of(_queue.Descriptor).ModifyTime : default; // to the second
                pause = !isFull ? ReadinessMonitor.Forever
                    : ready == ReadinessMonitor.TimedOut && lastUse == used ? Math.Min(pause * 2, LongestPause)
                    : ShortestPause;
                used = lastUse;
            }
        }
        catch (IpcException e)
        {
            Arrived?.Invoke(this, new PosixQueueArrivalEventArgs(_name, 0, _explain(e)));
        }
        catch (ObjectDisposedException)
        {
            // Disposed between two looks at the queue.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Registers; the kernel copies the cookie and sends it back when the registration ends.</summary>
    private unsafe void TakeSlot()
    {
        using DescriptorLease slot = new(_slot!);
        using DescriptorLease queue = new(_queue.Descriptor);
        byte* cookie = stackalloc byte[CookieLength];
        new Span<byte>(cookie, CookieLength).Clear();
        Libc.sigevent notification = new()
        {
            sigev_notify = Libc.SIGEV_THREAD, // to the kernel: a message on the netlink socket whose number stands in signo
            sigev_signo = slot.Value,
            sigev_value = (nint)cookie,
        };
        _ = IpcException.Check(Libc.sys_mq_notify(queue.Value, &notification), "mq_notify");
    }

    /// <summary>
    /// Takes the slot again. Between its loss and now somebody else may have taken it: that is told of, once, and no reason to
    /// be deaf to messages.
    /// </summary>
    private void RetakeSlot()
    {
        bool wasLost = _isSlotLost;
        try
        {
            TakeSlot();
            _isSlotLost = false;
        }
        catch (IpcException e) when (e.Errno == Errno.EBUSY)
        {
            _isSlotLost = true;
            if (!wasLost)
            {
                Arrived?.Invoke(this, new PosixQueueArrivalEventArgs(_name, 0, _explain(new IpcException("mq_notify(lost)", e.Errno))));
            }
        }
    }

    private unsafe void DrainSlot()
    {
        byte* cookie = stackalloc byte[CookieLength];
        while (Libc.recv(_slot!, cookie, CookieLength, Libc.MSG_DONTWAIT) > 0)
        {
            // What it says (used up, or cancelled) makes no difference: the slot is taken again.
        }
    }

    private void Close()
    {
        _slot?.Dispose();
        _queue?.Dispose();
        _monitor.Dispose();
    }
}
