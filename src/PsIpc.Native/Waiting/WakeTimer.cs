using System;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>
/// A kernel timer that sends the wake signal to one thread when a deadline passes, and again every millisecond until
/// it is disarmed: the first may land just before the thread enters its call. It needs no thread of ours, so a busy
/// thread pool cannot make a timeout late.
/// </summary>
internal sealed class WakeTimer : IDisposable
{
    private readonly nint _timer;
    private bool _exists; // 0 is a timer like any other: what was never made must not be deleted

    internal unsafe WakeTimer(int threadId)
    {
        Libc.sigevent target = new()
        {
            sigev_notify = Libc.SIGEV_THREAD_ID,
            sigev_signo = WakeSignal.Number,
            sigev_notify_thread_id = threadId,
        };
        nint timer;
        _ = IpcException.Check(Libc.timer_create(Libc.CLOCK_MONOTONIC, &target, &timer), "timer_create");
        _timer = timer;
        _exists = true;
    }

    /// <summary>Frees the timer even when its owner was forgotten: the kernel keeps it as long as the process lives.</summary>
    ~WakeTimer() => Delete();

    public void Dispose()
    {
        Delete();
        GC.SuppressFinalize(this);
    }

    internal unsafe void Arm(TimeSpan time)
    {
        // A value of zero would disarm it.
        Libc.itimerspec setting = new()
        {
            it_value = ToTimespec(time > TimeSpan.Zero ? time : TimeSpan.FromMicroseconds(1)),
            it_interval = ToTimespec(TimeSpan.FromMilliseconds(1)),
        };
        _ = IpcException.Check(Libc.timer_settime(_timer, 0, &setting, null), "timer_settime");
    }

    internal unsafe void Disarm()
    {
        Libc.itimerspec never = default;
        _ = IpcException.Check(Libc.timer_settime(_timer, 0, &never, null), "timer_settime");
    }

    private static Libc.timespec ToTimespec(TimeSpan time) => new()
    {
        tv_sec = (nint)(time.Ticks / TimeSpan.TicksPerSecond),
        tv_nsec = (nint)(time.Ticks % TimeSpan.TicksPerSecond * 100),
    };

    private void Delete()
    {
        if (_exists)
        {
            _exists = false;
            _ = Libc.timer_delete(_timer);
        }
    }
}
