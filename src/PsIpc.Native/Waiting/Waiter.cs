using System;
using System.Runtime.InteropServices;
using System.Threading;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>
/// The one place where a call blocks. Owns cancellation, deadlines and EINTR for calls that the thread itself
/// must make (msgrcv, msgsnd, mq_receive, mq_send): they are ended by a signal to just this thread.
/// </summary>
/// <remarks>
/// <para>One waiter serves one thread at a time; <see cref="Cancel"/> may come from any thread, at any moment, and is final.</para>
/// <para>A signal can land between the last look at the flag and the call, which then blocks all the same. So whoever
/// interrupts repeats the signal until the thread acknowledges by leaving; a timer does the same for deadlines.
/// No thread is ever abandoned inside a call: an abandoned receiver would eat a message.</para>
/// </remarks>
public sealed class Waiter : IDisposable
{
    private int _inside;
    private int _threadId;
    private Thread? _thread; // not its number, which .NET gives to another thread when this one has ended
    private volatile bool _cancelled;
    private WakeTimer? _timer;

    /// <summary>Whether <see cref="Cancel"/> was called.</summary>
    public bool IsCancelled => _cancelled;

    /// <summary>
    /// Ends the call in progress and refuses all later ones. Returns once no call is in progress any more.
    /// </summary>
    public void Cancel()
    {
        _cancelled = true;
        Interlocked.MemoryBarrier(); // pairs with the exchange in TryEnter: one of the two sees the other
        for (int attempt = 0; Volatile.Read(ref _inside) != 0; attempt++)
        {
            WakeSignal.Send(Volatile.Read(ref _threadId));

            // Nearly always the first signal does it; 50 µs later it hit the gap before the call, and is due again.
            Pause.For(attempt < 20 ? TimeSpan.FromMicroseconds(50) : TimeSpan.FromMilliseconds(1));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Waits for nothing but the deadline or a cancellation: between two looks at what the kernel tells nobody of.</summary>
    /// <param name="deadline">Until when.</param>
    public WaitStatus Sleep(Deadline deadline) => Run(new PollCall(-1, 0), deadline, out _); // poll(2) passes over a negative descriptor

    /// <summary>
    /// Makes a call under a deadline. A bounded call is first tried without blocking, so that a timer is only
    /// armed when it has something to do; an unbounded one is a single system call.
    /// </summary>
    /// <exception cref="IpcException">The call failed with anything but EINTR or its would-block error.</exception>
    internal WaitStatus Run<TCall>(in TCall call, Deadline deadline, out nint result)
        where TCall : struct, IBlockingCall
    {
        result = 0;
        if (!deadline.IsInfinite)
        {
            WaitStatus status = Try(call, out result);
            if (status != WaitStatus.WouldBlock || deadline.IsNoWait)
            {
                return status;
            }

            if (deadline.HasPassed)
            {
                return WaitStatus.TimedOut;
            }
        }

        return Block(call, deadline, out result);
    }

    private WaitStatus Try<TCall>(in TCall call, out nint result)
        where TCall : struct, IBlockingCall
    {
        while (true)
        {
            if (_cancelled)
            {
                result = 0;
                return WaitStatus.Cancelled;
            }

            result = call.Invoke(block: false);
            if (result >= 0)
            {
                return WaitStatus.Done;
            }

            Errno errno = (Errno)Marshal.GetLastSystemError();
            if (TCall.IsWouldBlock(errno))
            {
                return WaitStatus.WouldBlock;
            }

            if (errno != Errno.EINTR)
            {
                throw new IpcException(TCall.Name, errno);
            }
        }
    }

    private WaitStatus Block<TCall>(in TCall call, Deadline deadline, out nint result)
        where TCall : struct, IBlockingCall
    {
        if (_thread != Thread.CurrentThread)
        {
            Adopt();
        }

        if (!deadline.IsInfinite)
        {
            _timer ??= new WakeTimer(_threadId);
            _timer.Arm(deadline.Remaining);
        }

        try
        {
            while (true)
            {
                if (!TryEnter())
                {
                    result = 0;
                    return WaitStatus.Cancelled;
                }

                result = call.Invoke(block: true);
                Volatile.Write(ref _inside, 0);
                if (result >= 0)
                {
                    return WaitStatus.Done;
                }

                Errno errno = (Errno)Marshal.GetLastSystemError();
                if (TCall.IsWouldBlock(errno))
                {
                    return WaitStatus.WouldBlock; // the descriptor itself is non-blocking
                }

                if (errno != Errno.EINTR)
                {
                    throw new IpcException(TCall.Name, errno);
                }

                if (deadline.HasPassed)
                {
                    return WaitStatus.TimedOut;
                }
            }
        }
        finally
        {
            if (!deadline.IsInfinite)
            {
                _timer!.Disarm();
            }
        }
    }

    private bool TryEnter()
    {
        Interlocked.Exchange(ref _inside, 1);
        if (!_cancelled)
        {
            return true;
        }

        Volatile.Write(ref _inside, 0);
        return false;
    }

    /// <summary>Makes the current thread the one that is signalled.</summary>
    private void Adopt()
    {
        WakeSignal.Unblock();
        _timer?.Dispose();
        _timer = null;
        Volatile.Write(ref _threadId, Libc.gettid());
        _thread = Thread.CurrentThread;
    }
}
