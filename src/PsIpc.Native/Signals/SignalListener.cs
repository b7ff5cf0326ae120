using System;
using System.Collections.Generic;
using System.Threading;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Signals;

/// <summary>Raises an event for each signal, on a thread of its own: what a handler does keeps no other listener waiting.</summary>
public sealed class SignalListener : IDisposable
{
    private readonly ReadinessMonitor _monitor = new();
    private readonly SignalSubscription _subscription;
    private readonly Thread _thread;
    private int _disposed;
    private volatile bool _started;

    /// <summary>Begins to receive; what comes before <see cref="Start"/> is told of then.</summary>
    /// <param name="signals">Numbers of signals that can be waited for.</param>
    /// <exception cref="IpcException">As <see cref="SignalSubscription"/>'s.</exception>
    public SignalListener(params IEnumerable<int> signals)
    {
        _thread = new Thread(Listen) { IsBackground = true, Name = "PsIpc signal events" };
        try
        {
            _subscription = new SignalSubscription(signals);
            _monitor.Watch(_subscription.Arrived, 0);
        }
        catch
        {
            _subscription?.Dispose();
            _monitor.Dispose();
            throw;
        }
    }

    /// <summary>Raised on the listener's own thread, once for each signal.</summary>
    public event EventHandler<SignalEventArgs>? Received;

    /// <summary>Begins to tell.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _started = true;
        _thread.Start();
    }

    /// <summary>
    /// The signals do again what they did before, at once. The thread ends by itself as soon as it can: it is not waited for,
    /// because it may be inside a handler that waits for the caller. May be called from such a handler.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _monitor.Cancel();
        _subscription.Dispose();
        if (!_started)
        {
            _monitor.Dispose(); // otherwise the thread does when it has come back from its wait
        }
    }

    private void Listen()
    {
        try
        {
            // What is there at the start is the first edge.
            while (_monitor.Wait(ReadinessMonitor.Forever) != 0)
            {
                while (_disposed == 0 && _subscription.TryTake(out SignalRecord record))
                {
                    Received?.Invoke(this, new SignalEventArgs(record));
                }
            }
        }
        finally
        {
            _subscription.Dispose();
            _monitor.Dispose();
        }
    }
}
