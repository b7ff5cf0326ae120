using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>time.h</summary>
internal static partial class Libc
{
    internal const int CLOCK_MONOTONIC = 1;

    [StructLayout(LayoutKind.Sequential)]
    internal struct timespec
    {
        internal nint tv_sec;
        internal nint tv_nsec;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct itimerspec
    {
        internal timespec it_interval;
        internal timespec it_value;
    }

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int timer_create(int clockid, sigevent* sevp, nint* timerid);

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int timer_settime(nint timerid, int flags, itimerspec* new_value, itimerspec* old_value);

    [LibraryImport(Rt, SetLastError = true)]
    internal static partial int timer_delete(nint timerid);
}
