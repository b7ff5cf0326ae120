using System;
using System.Runtime.InteropServices;
using System.Threading;
using PsIpc.Host.Engine;

namespace PsIpc.Host;

/// <summary>
/// SIGINT (Ctrl-C), SIGTERM and SIGHUP stop the pipeline: what waits is woken, what is held is freed, and the exit status
/// says which signal it was.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const int SignalBase = 128;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private Pipeline? _current;
    private volatile int _number;

    internal StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, 2)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, 15)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => OnSignal(context, 1)),
        ];
    }

    /// <summary>Becomes readable, and stays so, when a signal has come. Made when somebody first waits for it.</summary>
    private static int WakeDescriptor { get; } = Interop.eventfd(0, Interop.EFD_CLOEXEC);

    internal bool IsStopping => _number != 0;

    /// <summary>128 and the signal's number.</summary>
    internal int ExitStatus => SignalBase + _number;

    /// <summary>The pipeline that a signal stops; one that has come already stops it at once.</summary>
    internal void Watch(Pipeline? pipeline)
    {
        lock (_gate)
        {
            _current = pipeline;
        }

        if (IsStopping)
        {
            pipeline?.Stop();
        }
    }

    /// <summary>Waits until a descriptor can be read; false when a signal came first, whether or not it can be.</summary>
    internal static bool WaitForInput(int descriptor) => !Wait(descriptor, Interop.POLLIN).IsStopped;

    /// <summary>Waits until a descriptor can be written to; false when a signal came and it cannot be.</summary>
    internal static bool WaitForOutput(int descriptor) => Wait(descriptor, Interop.POLLOUT).IsReady;

    private static unsafe (bool IsReady, bool IsStopped) Wait(int descriptor, short events)
    {
        Interop.PollDescriptor* watched = stackalloc Interop.PollDescriptor[2];
        watched[0] = new Interop.PollDescriptor { fd = descriptor, events = events };
        watched[1] = new Interop.PollDescriptor { fd = WakeDescriptor, events = Interop.POLLIN };
        while (true)
        {
            int ready = Interop.poll(watched, 2, -1);
            if (ready < 0 && Marshal.GetLastPInvokeError() != Interop.EINTR)
            {
                return (true, false); // whoever reads or writes is told what is wrong
            }

            if (ready > 0)
            {
                return (watched[0].revents != 0, watched[1].revents != 0);
            }
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private unsafe void OnSignal(PosixSignalContext context, int number)
    {
        // The same signal once more, or Ctrl-C, ends the process, whatever it is doing.
        context.Cancel = _number == 0 || (number != _number && number != 2);
        if (_number == 0)
        {
            _number = number;
        }

        ulong one = 1;
        _ = Interop.write(WakeDescriptor, (byte*)&one, sizeof(ulong));
        Pipeline? current;
        lock (_gate)
        {
            current = _current;
        }

        current?.Stop();
    }
}
