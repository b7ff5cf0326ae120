using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace PsIpc.Bench;

/// <summary>How soon one who watches knows of a new object, and what it costs to watch while nothing happens.</summary>
internal sealed partial class Sections
{
    private const string Watch = "Watch-IpcObject -Verbose -Kind SysVMessageQueue,SysVSharedMemory,SysVSemaphore";

    /// <summary>Long enough for several looks of a program that looks every five seconds, because a look takes a tenth of one.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    private void WatchLatency()
    {
        const int count = 25;
        const string section = "Told of a FIFO that a C program has just made in a watched directory (pwsh: the object, looked up)";
        if (Surroundings.WatchPeer is not { } program)
        {
            _rows.Add(Row.Missing(section, "all", NoGcc));
            return;
        }

        string there = ledger.NewFifo();
        string back = ledger.NewFifo();
        string directory = ledger.NewFolder();
        using Peer maker = Peer.Start("maker", program, there, back, directory);
        using Race race = new(this, section, "µs", 1e3 * count);
        race.Enter(C, () => Peer.Start(C, program), NoGcc);
        race.Enter(Native, StartNative, "");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Run(peer => peer.Ask(string.Create(CultureInfo.InvariantCulture, $"watch {there} {back} {directory} {count}"))[0]);
        race.Compare(Native, C, 1.5);
        race.Compare(PowerShell, C);
        race.Report();
    }

    /// <summary>In a namespace of its own. Whole processes: what the runtime does beside is in it.</summary>
    private void WatchCost()
    {
        const string filler = "fill.pl";
        if (Surroundings.Perl is not { } perl || Surroundings.Find("ipcs") is not { } ipcs)
        {
            _rows.Add(Row.Missing("Quiet watching", "all", "perl, ipcs"));
            return;
        }

        foreach (int count in (int[])[0, 1_000, 20_000])
        {
            using Peer fill = Peer.Start(filler, perl, Path.Combine(Surroundings.Peers, filler));
            fill.Ask($"objects {count}");
            Quiet($"Watching {count:N0} System V queues, {count:N0} segments and {count:N0} semaphore sets, in which nothing happens: processor time", ipcs);
        }
    }

    private void Quiet(string section, string ipcs)
    {
        const string once = "ipcs, once";
        const string look = $"{Native}, one look at the three tables";
        int rounds = Math.Min(_rounds, 10);
        double[] lists = [.. Enumerable.Range(0, rounds).Select(_ => ProcessorTimeOf([ipcs]))];
        _rows.Add(Row.Of(section, once, "ms", lists));
        using (Peer native = StartNative()!)
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Race.WarmUp;)
            {
                native.Ask("look 10");
            }

            double[] looks = [.. Enumerable.Range(0, rounds).Select(_ => native.Ask("look 10")[0] / 1e7)];
            _rows.Add(Row.Of(section, look, "ms", looks).ComparedWith(once, looks, lists, 1));
        }

        string[]? psipc = Surroundings.Psipc is { } path ? [path, Watch] : null;
        string[]? shell = Surroundings.PowerShell is { } words ? [.. words, "-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{Surroundings.Module}'; {Watch}"] : null;
        (string Name, string Reason, string[]? Command)[] programs = [("psipc", NoPsipc, psipc), ("pwsh", NoPwsh, shell)];
        List<Process?> watches = [];
        try
        {
            foreach ((string _, string _, string[]? command) in programs)
            {
                watches.Add(command is null ? null : StartWatch(command));
                WaitUntilItWatches(watches[^1]);
            }

            double[][] shares = SharesOf(watches, rounds);
            for (int i = 0; i < programs.Length; i++)
            {
                if (watches[i] is null)
                {
                    _rows.Add(Row.Missing(section, $"{programs[i].Name} Watch-IpcObject", programs[i].Reason));
                    continue;
                }

                double[] minutes = [.. shares[i].Select(share => 60_000 * share)];
                _rows.Add(Row.Of(section, $"{programs[i].Name} Watch-IpcObject", "% of one", [.. shares[i].Select(share => 100 * share)]) with { Goal = 2 });
                _rows.Add(Row.Of(section, $"{programs[i].Name} Watch-IpcObject, a minute", "ms", minutes).ComparedWith(once, minutes, lists, null));
            }
        }
        finally
        {
            foreach (Process process in watches.OfType<Process>())
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
        }
    }

    private static Process StartWatch(string[] command) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", .. command])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static void WaitUntilItWatches(Process? process)
    {
        while (process is not null)
        {
            string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The watch has ended.");
            if (line.Contains("Watching.", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    /// <summary>Which part of a processor each takes, once it has been watching for a while: what is compiled again after it has run is compiled by then.</summary>
    private static double[][] SharesOf(List<Process?> watches, int rounds)
    {
        Thread.Sleep(Window);
        double[][] shares = [.. watches.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            double[] before = [.. watches.Select(ProcessorTime)];
            Thread.Sleep(Window);
            double[] after = [.. watches.Select(ProcessorTime)];
            double time = Stopwatch.GetElapsedTime(start).TotalSeconds;
            for (int i = 0; i < watches.Count; i++)
            {
                shares[i][round] = (after[i] - before[i]) / time;
            }
        }

        return shares;
    }

    /// <summary>What a program takes from exec to exit, in ms: the kernel's account of children that have ended.</summary>
    private static double ProcessorTimeOf(string[] command)
    {
        double before = ProcessorTimeOfChildren();
        TimeOf(command);
        return 1e3 * (ProcessorTimeOfChildren() - before);
    }

    /// <summary>In seconds, of all threads, also of those that have ended.</summary>
    private static unsafe double ProcessorTime(Process? process)
    {
        if (process is null)
        {
            return 0;
        }

        nint* time = stackalloc nint[2]; // struct timespec
        return clock_getcpuclockid(process.Id, out int clock) == 0 && clock_gettime(clock, time) == 0
            ? time[0] + (time[1] / 1e9)
            : throw new InvalidOperationException($"The processor time of {process.Id} cannot be read.");
    }

    private static unsafe double ProcessorTimeOfChildren()
    {
        const int children = -1;
        nint* usage = stackalloc nint[18]; // struct rusage: two timevals, and 14 numbers
        return getrusage(children, usage) == 0
            ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6)
            : throw new InvalidOperationException("The processor time of the children cannot be read.");
    }

    [LibraryImport("libc")]
    private static partial int clock_getcpuclockid(int process, out int clock);

    [LibraryImport("libc")]
    private static unsafe partial int clock_gettime(int clock, nint* time);

    [LibraryImport("libc")]
    private static unsafe partial int getrusage(int who, nint* usage);
}
