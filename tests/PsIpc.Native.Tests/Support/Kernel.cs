using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace PsIpc.Native.Tests.Support;

/// <summary>States of the kernel that tests wait for instead of sleeping.</summary>
internal static class Kernel
{
    /// <summary>Waits until something is so; a hang guard, no expectation of speed.</summary>
    internal static void WaitUntil(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 0; !condition(); attempt++)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Peer.Patience, $"It never came about that {what}.");
            if (attempt > 100)
            {
                Thread.Sleep(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Whether a thread sits in a system call: the kernel shows the number only of a thread that is blocked.</summary>
    internal static bool IsBlockedIn(int pid, int tid, params ReadOnlySpan<nint> calls)
    {
        try
        {
            string line = File.ReadAllText($"/proc/{pid}/task/{tid}/syscall");
            return long.TryParse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? end : line.Length),
                NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long call) && calls.Contains((nint)call);
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    /// <summary>Threads of this process whose name begins so.</summary>
    internal static int CountThreads(string name) => Directory.GetDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith(name, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    /// <summary>What this process has open but for files, which the runtime opens when it likes: queues, sockets, eventfds.</summary>
    internal static string[] Descriptors() =>
        [.. AllDescriptors()
            .Where(target => !target.StartsWith('/') || target.StartsWith("/psipc-", StringComparison.Ordinal) || target.StartsWith("/memfd:psipc-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>What this process has open, files as well.</summary>
    internal static IEnumerable<string> AllDescriptors() => Directory.GetFiles("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "");

    /// <summary>Timers of this process (timer_create).</summary>
    internal static int CountTimers() =>
        File.ReadLines("/proc/self/timers").Count(line => line.StartsWith("ID:", StringComparison.Ordinal));
}
