using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace PsIpc.Bench;

/// <summary>
/// What is measured. In each round every contender has its turn, one after the other, so that a machine which is slow for a
/// while is slow for all of them; ratios are taken within a round.
/// </summary>
internal sealed partial class Sections(Ledger ledger, int rounds)
{
    private const int BatchSize = 200;
    private const string C = "C";
    private const string Native = "PsIpc.Native";
    private const string Python = "Python sysv_ipc";
    private const string PowerShell = "pwsh, cmdlets";
    private const string Bare = "pwsh, bare cmdlets";
    private const string NoGcc = "gcc";
    private const string NoPwsh = "pwsh, or the built module";
    private readonly int _rounds = rounds;
    private readonly List<Row> _rows = [];

    internal static string[] Names { get; } =
        ["messages", "wake", "stop", "invoke", "import", "list", "inventory", "graph", "start", "lines", "sync", "streams", "sockets", "memory", "signals", "wait", "watch"];

    internal List<Row> Run(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            Console.Error.WriteLine($"measuring: {name}");
            switch (name)
            {
                case "messages":
                    SysVMessages();
                    PosixMessages();
                    Allocations();
                    break;
                case "wake":
                    Wake("sysv", "System V queue", () => ledger.NewSysV().Id.ToString(CultureInfo.InvariantCulture));
                    Wake("posix", "POSIX queue", () => ledger.NewPosix(1).Name);
                    break;
                case "stop":
                    Stops();
                    break;
                case "invoke":
                    Invocations();
                    break;
                case "import":
                    Imports();
                    break;
                case "inventory":
                    InNamespaceOfItsOwn(Inventory);
                    break;
                case "graph":
                    InNamespaceOfItsOwn(Graph);
                    break;
                case "start":
                    Starts();
                    break;
                case "lines":
                    Lines();
                    break;
                case "memory":
                    Memory();
                    break;
                case "sync":
                    Synchronise();
                    break;
                case "sockets":
                    Sockets();
                    break;
                case "signals":
                    Signals();
                    break;
                case "wait":
                    Waits();
                    break;
                case "watch":
                    WatchLatency();
                    InNamespaceOfItsOwn(WatchCost);
                    break;
                case "streams":
                    Streams();
                    break;
                default:
                    InNamespaceOfItsOwn(Lists);
                    break;
            }
        }

        return _rows;
    }

    private void SysVMessages()
    {
        const int batches = 100;
        string section = $"System V queue, send + receive of 64 bytes, batches of {BatchSize}, per message";
        using Race race = new(this, section, "µs", 1e3 * batches * BatchSize);
        race.Enter(C, StartC, NoGcc);
        race.Enter(Native, StartNative, "");
        race.Enter("Perl msgsnd/msgrcv", () => StartScript(Surroundings.Perl, "peer.pl"), "perl");
        race.Enter(Python, () => StartScript(Surroundings.Python, "peer.py"), "python3 with the module sysv_ipc (Debian: python3-sysv-ipc)");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Enter(Bare, StartPowerShell, NoPwsh);
        (int id, int key) = ledger.NewSysV();
        race.Run(peer => peer.Ask($"{(peer.Name == Bare ? "bare" : "sysv")} {id} {batches} {BatchSize} {key}")[0]);
        race.Compare(Native, C, 1.1);
        race.Compare("Perl msgsnd/msgrcv", C);
        race.Compare(Python, C);
        race.Compare(PowerShell, Python, 1.15);
        race.Compare(Bare, Python);
        race.Report();
    }

    private void PosixMessages()
    {
        const int total = 20_000;
        (string name, int size) = ledger.NewPosix(BatchSize);
        string section = $"POSIX queue, send + receive of 64 bytes, batches of {size} (what fs.mqueue.msg_max allows up to {BatchSize}), per message";
        using Race race = new(this, section, "µs", 1e3 * total);
        race.Enter(C, StartC, NoGcc);
        race.Enter(Native, StartNative, "");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Run(peer => peer.Ask($"posix {name} {total / size} {size}")[0]);
        race.Compare(Native, C, 1.1);
        race.Compare(PowerShell, C);
        race.Report();
    }

    private void Allocations()
    {
        const string section = "Managed memory in PsIpc.Native, per message sent and received";
        const int batches = 100;
        using Peer peer = StartNative()!;
        (string name, int length) = ledger.NewPosix(BatchSize);
        foreach ((string kind, string queue, int size) in (ReadOnlySpan<(string, string, int)>)
            [("sysv", ledger.NewSysV().Id.ToString(CultureInfo.InvariantCulture), BatchSize), ("posix", name, length)])
        {
            // The buffer and the waiter are made once in each: what the messages cost is the difference.
            double few = peer.Ask($"allocated-{kind} {queue} 1 {size}").Concat(peer.Ask($"allocated-{kind} {queue} 1 {size}")).Last();
            double many = peer.Ask($"allocated-{kind} {queue} {batches + 1} {size}")[0];
            _rows.Add(Row.Of(section, kind == "sysv" ? "System V" : "POSIX", "bytes", [(many - few) / batches / size]) with { Goal = 0 });
        }
    }

    /// <summary>Ping-pong of two processes on one processor: each is blocked until the other has sent.</summary>
    private void Wake(string kind, string title, Func<string> newQueue)
    {
        const int count = 5_000;
        string section = $"{title}, ping-pong of two processes on one processor, per round trip (first - second)";
        if (Surroundings.Find("taskset") is not { } taskset)
        {
            _rows.Add(Row.Missing(section, "all", "taskset"));
            return;
        }

        string[] pin = [taskset, "-c", "0"];
        using Peer? secondC = StartC(pin);
        using Peer secondNative = StartNative(pin)!;
        using Peer? secondPowerShell = StartPowerShell(pin);
        Dictionary<string, Peer?> seconds = new()
        {
            ["C - C"] = secondC,
            [$"C - {Native}"] = secondNative,
            [$"{Native} - {Native}"] = secondNative,
            [$"C - {PowerShell}"] = secondPowerShell,
        };
        using Race race = new(this, section, "µs", 1e3 * count);
        race.Enter("C - C", () => StartC(pin), NoGcc);
        race.Enter($"C - {Native}", () => StartC(pin), NoGcc);
        race.Enter($"{Native} - {Native}", () => StartNative(pin), "");
        race.Enter($"C - {PowerShell}", () => secondPowerShell is null ? null : StartC(pin), $"{NoGcc}, or {NoPwsh}");
        string there = newQueue();
        string back = newQueue();
        race.Run(first =>
        {
            Peer second = seconds[first.Name]!;
            second.Post($"echo-{kind} {there} {back} {count}");
            double time = first.Ask($"ping-{kind} {there} {back} {count}")[0];
            _ = second.Answer();
            return time;
        });
        race.Compare($"C - {Native}", "C - C", 1.2);
        race.Compare($"{Native} - {Native}", "C - C", 1.2);
        race.Compare($"C - {PowerShell}", "C - C");
        race.Report();
    }

    private void Stops()
    {
        const string section = "Stop of a receiver that is blocked";
        using (Peer peer = StartNative()!)
        {
            foreach ((string kind, string queue) in TwoQueues())
            {
                double[] times = peer.Ask($"stop-{kind} {queue} 500");
                _rows.Add(Row.Of(section, $"{Native}, Cancel, {kind}", "ms", [.. times.Select(time => time / 1e6)]) with { Goal = 100 });
            }
        }

        using Peer? shell = StartPowerShell();
        if (shell is null)
        {
            _rows.Add(Row.Missing(section, $"{PowerShell}, Stop()", NoPwsh));
            return;
        }

        foreach ((string kind, string queue) in TwoQueues())
        {
            double[] times = shell.Ask($"stop-{kind} {queue} 100");
            _rows.Add(Row.Of(section, $"{PowerShell}, Stop(), {kind}", "ms", [.. times.Select(time => time / 1e6)]) with { Goal = 100 });
        }
    }

    private (string Kind, string Queue)[] TwoQueues() =>
        [("sysv", ledger.NewSysV().Id.ToString(CultureInfo.InvariantCulture)), ("posix", ledger.NewPosix(1).Name)];

    private void Invocations()
    {
        const int count = 2_000;
        using Race race = new(this, "One Send-SysVMessage and one Receive-SysVMessage of one message, per pair", "µs", 1e3 * count);
        int id = ledger.NewSysV().Id;
        race.Enter(Bare, StartPowerShell, NoPwsh);
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Prepare(Bare, peer => peer.Ask($"bare {id} 1 1"));
        race.Run(peer => peer.Ask($"{(peer.Name == Bare ? "bare-single" : "single")} {id} {count}")[0]);
        race.Compare(PowerShell, Bare);
        race.Report();
    }

    private void Imports()
    {
        const string section = "Import-Module in a new pwsh";
        if (Surroundings.PowerShell is not { } pwsh)
        {
            _rows.Add(Row.Missing(section, PowerShell, NoPwsh));
            return;
        }

        double Import(string module)
        {
            using Process process = Process.Start(new ProcessStartInfo(pwsh[0], [
                .. pwsh[1..], "-NoProfile", "-NonInteractive", "-Command",
                $"$clock = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{module}'; $clock.Elapsed.Ticks"])
            {
                RedirectStandardOutput = true,
            })!;
            return double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture) / TimeSpan.TicksPerMillisecond;
        }

        string empty = System.IO.Path.Combine(Surroundings.Peers, "Empty/Empty.psd1");
        string bare = Surroundings.MakeBareModule(pwsh);
        (double[] empties, double[] bares, double[] ours) = (new double[_rounds], new double[_rounds], new double[_rounds]);
        for (int round = -1; round < _rounds; round++)
        {
            (double ofEmpty, double ofBare, double ofOurs) = (Import(empty), Import(bare), Import(Surroundings.Module));
            if (round >= 0) // the first time fills the caches
            {
                (empties[round], bares[round], ours[round]) = (ofEmpty, ofBare, ofOurs);
            }
        }

        _rows.Add(Row.Of(section, "an empty module", "ms", empties));
        _rows.Add(Row.Of(section, "an assembly, one view, one type", "ms", bares));
        _rows.Add(Row.Of(section, "PsIpc", "ms", ours));
        _rows.Add(Row.Of(section, "that least more than empty", "ms", [.. bares.Zip(empties, (one, other) => one - other)]));
        _rows.Add(Row.Of(section, "PsIpc more than empty", "ms", [.. ours.Zip(empties, (one, other) => one - other)]) with { Goal = 60 });
    }

    private void Lists()
    {
        foreach (int count in (ReadOnlySpan<int>)[2_000, 20_000])
        {
            string section = $"Listing {count:N0} System V queues";
            using Race race = new(this, section, "ms", 1e6);
            race.Enter("ipcs -q", () => StartLister("ipcs"), "ipcs");
            race.Enter("lsipc -q", () => StartLister("lsipc"), "lsipc");
            race.Enter("Get-IpcObject", StartPowerShell, NoPwsh);
            race.Prepare("Get-IpcObject", peer => peer.Ask($"fill {count}"));
            race.Run(peer => peer.Ask("list")[0]);
            race.Compare("Get-IpcObject", "ipcs -q");
            race.Compare("lsipc -q", "ipcs -q");
            race.Report();
        }
    }

    /// <summary>
    /// On a thread that has left the IPC namespace of the machine; what it starts is with it, and the queues end with them.
    /// </summary>
    private void InNamespaceOfItsOwn(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                if (unshare(CLONE_NEWIPC) != 0)
                {
                    _rows.Add(Row.Missing("Listing many System V queues", "all", "the right to make an IPC namespace (root)"));
                    return;
                }

                action();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    private const int CLONE_NEWIPC = 0x08000000;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    private static Peer? StartC() => StartC([]);

    private static Peer? StartC(string[] pin) =>
        Surroundings.CPeer is { } program ? Peer.Start(C, [.. pin, program]) : null;

    private static Peer? StartNative() => StartNative([]);

    private static Peer? StartNative(string[] pin) => Peer.Start(Native, [.. pin, Environment.ProcessPath!, "peer"]);

    private static Peer? StartScript(string? program, string script) =>
        program is not null ? Peer.Start(script, program, System.IO.Path.Combine(Surroundings.Peers, script)) : null;

    private static Peer? StartLister(string program) => Surroundings.Find(program) is { } path
        ? Peer.Start(program, "/bin/sh", System.IO.Path.Combine(Surroundings.Peers, "lister.sh"), path)
        : null;

    private static Peer? StartPowerShell() => StartPowerShell([]);

    private static Peer? StartPowerShell(string[] pin) => Surroundings.PowerShell is { } words
        ? Peer.Start(PowerShell, [
            .. pin, .. words, "-NoProfile", "-NonInteractive", "-File", System.IO.Path.Combine(Surroundings.Peers, "peer.ps1"), "-Module", Surroundings.Module])
        : null;
}
