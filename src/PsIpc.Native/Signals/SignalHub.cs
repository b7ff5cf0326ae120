using System;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Signals;

/// <summary>
/// What this process does on signals, for all who wait for some: a disposition belongs to the process, so there is one
/// hub. It installs the handler with the first who wants a signal, hands each signal to all who want it, and puts
/// back what was there when the last has gone.
/// </summary>
internal sealed class SignalHub
{
    private const int HighestSignal = 64;
    private static readonly TimeSpan PendingPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PendingPause = TimeSpan.FromMicroseconds(20);

    private readonly Lock _gate = new(); // who waits, and for what
    private readonly Lock _drain = new(); // taken inside the other, never the other way round
    private readonly int[] _users = new int[HighestSignal + 1];
    private readonly Libc.sigaction_t[] _previous = new Libc.sigaction_t[HighestSignal + 1];
    private readonly Action<SignalRecord> _deliver;
    private ImmutableArray<SignalSubscription> _subscriptions = []; // changed under the gate, read without
    private SignalStore? _store;
    private readonly ProcFile _status = new(); // under the gate
    private bool _isReading;

    private SignalHub() => _deliver = Deliver;

    /// <summary>The hub of the process. Another loaded copy of this library has one of its own; each refuses the signals that the other has.</summary>
    internal static readonly SignalHub Shared = new();

    /// <summary>Begins to hand over signals.</summary>
    /// <exception cref="IpcException">
    /// "sigaction(taken)" EBUSY: something else in the process handles one of them; <see cref="SignalStore"/>'s errors;
    /// "pthread_create" EAGAIN: no more threads.
    /// </exception>
    internal void Add(SignalSubscription subscription)
    {
        lock (_gate)
        {
            _store ??= new SignalStore();
            EnsureReader(_store);
            lock (_drain)
            {
                _subscriptions = _subscriptions.Add(subscription); // before its signals can come
            }

            ulong installed = 0;
            try
            {
                foreach (int signal in SignalSet.Numbers(subscription.Signals))
                {
                    Install(signal, _store.Handler);
                    installed |= SignalSet.Of(signal);
                }
            }
            catch
            {
                Leave(subscription, installed);
                throw;
            }
        }
    }

    /// <summary>Ends it. What came before is in the subscription when this returns.</summary>
    internal void Remove(SignalSubscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.Contains(subscription))
            {
                Leave(subscription, subscription.Signals);
            }
        }
    }

    /// <summary>Whether somebody here waits for a signal.</summary>
    internal bool IsWaitedFor(int signal)
    {
        lock (_gate)
        {
            return _users[signal] > 0;
        }
    }

    private void Leave(SignalSubscription subscription, ulong installed)
    {
        AwaitPending(installed);
        foreach (int signal in SignalSet.Numbers(installed))
        {
            Restore(signal);
        }

        lock (_drain)
        {
            _store!.Drain(_deliver); // what came while it still wanted them
            _subscriptions = _subscriptions.Remove(subscription);
        }

        if (_subscriptions.IsEmpty)
        {
            _store.Ring(); // the reader sees that nobody is left
        }
    }

    /// <summary>
    /// Lets what the kernel has for this process already reach the handler. What is pending when the old disposition is back
    /// would be lost to whoever waited for it, and most often end the process.
    /// </summary>
    private void AwaitPending(ulong signals)
    {
        ulong leaving = SignalSet.Of(SignalSet.Numbers(signals).Where(signal => _users[signal] == 1));
        Deadline patience = Deadline.After(PendingPatience); // a sender that never rests would else keep us here
        while ((Pending() & leaving) != 0 && !patience.HasPassed)
        {
            Pause.For(PendingPause);
        }
    }

    /// <summary>The signals that wait for any thread of this process: proc_pid_status(5), ShdPnd.</summary>
    private ulong Pending()
    {
        foreach (ReadOnlySpan<byte> line in _status.Lines("/proc/self/status"))
        {
            if (line.StartsWith("ShdPnd:\t"u8))
            {
                return Utf8Parser.TryParse(line["ShdPnd:\t".Length..], out ulong pending, out _, 'x') ? pending : 0;
            }
        }

        return 0; // /proc is not mounted
    }

    private unsafe void Install(int signal, nint handler)
    {
        if (_users[signal] == 0)
        {
            Libc.sigaction_t current;
            _ = IpcException.Check(Libc.sigaction(signal, null, &current), "sigaction");
            if (current.sa_handler == handler)
            {
                // .NET had replaced our handler and has put it back since: what was there before it is still known.
            }
            else if (current.sa_handler is Libc.SIG_DFL or Libc.SIG_IGN)
            {
                // All signals blocked while it runs: it is never interrupted. On the alternate stack where a thread has one.
                // What was interrupted goes on by itself, as with the signals that .NET handles.
                Libc.sigaction_t ours = new()
                {
                    sa_handler = handler,
                    sa_mask = new Libc.sigset_t { first = ulong.MaxValue },
                    sa_flags = Libc.SA_SIGINFO | Libc.SA_RESTART | Libc.SA_ONSTACK,
                };
                _ = IpcException.Check(Libc.sigaction(signal, &ours, null), "sigaction");
                _previous[signal] = current;
            }
            else
            {
                throw new SignalTakenException(signal);
            }
        }

        _users[signal]++;
    }

    private unsafe void Restore(int signal)
    {
        if (--_users[signal] > 0)
        {
            return;
        }

        Libc.sigaction_t current;
        _ = IpcException.Check(Libc.sigaction(signal, null, &current), "sigaction");
        if (current.sa_handler == _store!.Handler) // else somebody has taken it since, and may call ours
        {
            Libc.sigaction_t previous = _previous[signal];
            _ = IpcException.Check(Libc.sigaction(signal, &previous, null), "sigaction");
        }
    }

    private void EnsureReader(SignalStore store)
    {
        if (_isReading)
        {
            return;
        }

        Thread reader = new(() => ReadAll(store)) { IsBackground = true, Name = "PsIpc signals" };
        try
        {
            reader.Start();
        }
        catch (OutOfMemoryException e)
        {
            throw new IpcException("pthread_create", Errno.EAGAIN, e.Message, e);
        }

        _isReading = true;
    }

    private void ReadAll(SignalStore store)
    {
        while (true)
        {
            store.Wait();
            lock (_drain)
            {
                store.Drain(_deliver);
            }

            lock (_gate)
            {
                if (_subscriptions.IsEmpty)
                {
                    _isReading = false;
                    return;
                }
            }
        }
    }

    private void Deliver(SignalRecord record)
    {
        ulong signal = SignalSet.Of(record.Number);
        foreach (SignalSubscription subscription in _subscriptions)
        {
            if ((subscription.Signals & signal) != 0)
            {
                subscription.Deliver(record);
            }
        }
    }
}
