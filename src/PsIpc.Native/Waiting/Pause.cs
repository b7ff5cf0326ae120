using System;
using System.Diagnostics;
using System.Threading;

namespace PsIpc.Native.Waiting;

/// <summary>A short sleep between two attempts, where the kernel offers nothing to wait for.</summary>
internal static class Pause
{
    internal static void For(TimeSpan time)
    {
        // Thread.Sleep knows milliseconds only.
        if (time >= TimeSpan.FromMilliseconds(1))
        {
            Thread.Sleep(time);
        }
        else
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                Thread.Yield();
            }
        }
    }
}
