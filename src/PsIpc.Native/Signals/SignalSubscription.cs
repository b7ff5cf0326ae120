using System;
using System.Collections.Generic;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Signals;

/// <summary>
/// Receives signals of this process from the moment it is made: every one that the kernel delivers, with what the kernel says
/// of it. Several may want the same signal: each gets it. See sigaction(2), signal(7).
/// </summary>
/// <remarks>
/// Real-time signals are queued by the kernel, and none is lost; of the others a second one that comes before the first is
/// delivered is merged with it. In a burst the kernel hands signals to several threads at once, so that some overtake others.
/// </remarks>
public sealed class SignalSubscription : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<SignalRecord> _records = [];
    private readonly SafeDescriptor _arrived = SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");
    private bool _isClosed;

    /// <summary>Begins to receive.</summary>
    /// <param name="signals">Numbers of signals that can be waited for: <see cref="SignalName.WhyNotWaitable"/>.</param>
    /// <exception cref="IpcException">
    /// A <see cref="SignalTakenException"/>: something else in the process handles one of them; "memfd_create(MFD_EXEC)",
    /// "mmap(PROT_EXEC)": the system lets no memory be executed; "write(RLIMIT_FSIZE)" EFBIG: ulimit -f is too low; EMFILE, ENFILE.
    /// </exception>
    public SignalSubscription(params IEnumerable<int> signals)
    {
        try
        {
            foreach (int signal in signals)
            {
                if (SignalName.WhyNotWaitable(signal) != SignalRefusal.None)
                {
                    throw new ArgumentOutOfRangeException(nameof(signals), signal, "It cannot be waited for.");
                }
            }

            Signals = SignalSet.Of(signals);
            SignalHub.Shared.Add(this);
        }
        catch
        {
            _arrived.Dispose();
            throw;
        }
    }

    /// <summary>Whether anybody in this process waits for a signal here.</summary>
    /// <param name="signal">The signal's number.</param>
    public static bool IsWaitedFor(int signal) => SignalHub.Shared.IsWaitedFor(signal);

    /// <summary>What it wants.</summary>
    internal ulong Signals { get; }

    /// <summary>Readable while there is something to take.</summary>
    internal SafeDescriptor Arrived => _arrived;

    /// <summary>Takes the next signal.</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="record">The signal.</param>
    public WaitStatus Take(Waiter waiter, Deadline deadline, out SignalRecord record)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        record = default;
        while (!waiter.IsCancelled)
        {
            if (TryTake(out record))
            {
                return WaitStatus.Done;
            }

            try
            {
                using DescriptorLease arrived = new(_arrived);
                WaitStatus status = waiter.Run(new PollCall(arrived.Value, Libc.POLLIN), deadline, out _);
                if (status != WaitStatus.Done)
                {
                    return status;
                }
            }
            catch (IpcException e) when (e is { Call: "timer_create", Errno: Errno.EAGAIN })
            {
                // A timer counts as a queued signal (RLIMIT_SIGPENDING), and the queue is full: it is being emptied just now.
                Pause.For(TimeSpan.FromMilliseconds(1));
                if (deadline.HasPassed)
                {
                    return WaitStatus.TimedOut;
                }
            }
        }

        return WaitStatus.Cancelled;
    }

    /// <summary>Takes the next signal that is there.</summary>
    /// <param name="record">The signal.</param>
    public unsafe bool TryTake(out SignalRecord record)
    {
        lock (_gate)
        {
            if (!_records.TryDequeue(out record))
            {
                return false;
            }

            if (_records.Count == 0 && !_isClosed)
            {
                ulong count;
                _ = Libc.read(_arrived, (byte*)&count, sizeof(ulong)); // not readable until the next comes
            }

            return true;
        }
    }

    /// <summary>
    /// Ends it: the signals do again what they did before, unless others still want them. What came until now can still be
    /// taken with <see cref="TryTake"/>.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }
        }

        SignalHub.Shared.Remove(this); // without our lock: it delivers the last ones
        lock (_gate)
        {
            _isClosed = true;
        }

        _arrived.Dispose();
    }

    /// <summary>One has come.</summary>
    internal void Deliver(in SignalRecord record)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _records.Enqueue(record);
            if (_records.Count == 1)
            {
                _ = Libc.eventfd_write(_arrived.Number!.Value, 1);
            }
        }
    }
}
