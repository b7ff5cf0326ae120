using System.Globalization;
using System.IO;

namespace PsIpc.Bench;

/// <summary>What signals with a value cost: to oneself, from a C program as fast as it can, and there and back.</summary>
internal sealed partial class Sections
{
    private const string PythonSignal = "Python kill/sigwaitinfo";

    private void Signals()
    {
        ToOneself();
        FromC();
        ThereAndBack();
    }

    private void ToOneself()
    {
        const int batches = 10;
        const int batch = 1000;
        using Race race = new(this, $"A signal with a value, queued to oneself and received, batches of {batch}, per signal", "µs", 1e3 * batches * batch);
        race.Enter(C, () => StartSignalPeer([]), NoGcc);
        race.Enter(Native, StartNative, "");
        race.Enter(PythonSignal, () => Surroundings.Find("python3") is { } python ? Peer.Start("Python", python, Path.Combine(Surroundings.Peers, "signals.py")) : null, "python3");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Run(peer => peer.Ask($"self {batches}")[0]);
        race.Compare(Native, C);
        race.Compare(PythonSignal, C);
        race.Compare(PowerShell, C);
        race.Report();
    }

    private void FromC()
    {
        const int count = 10_000;
        const string section = "10,000 signals with a value from a C program that sends as fast as it can, until all are received";
        using Peer? sender = StartSignalPeer([]);
        if (sender is null)
        {
            _rows.Add(Row.Missing(section, "all", NoGcc));
            return;
        }

        string partner = sender.Ask("pid 0")[0].ToString(CultureInfo.InvariantCulture);
        using Race race = new(this, section, "ms", 1e6);
        race.Enter(C, () => StartSignalPeer([]), NoGcc);
        race.Enter(Native, StartNative, "");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Run(peer =>
        {
            sender.Post("serve 0");
            double time = peer.Ask($"receive {partner} {count}")[0];
            sender.Answer();
            return time;
        });
        race.Compare(Native, C);
        race.Compare(PowerShell, C);
        race.Report();
    }

    /// <summary>Each is blocked until the other has sent; the other is C.</summary>
    private void ThereAndBack()
    {
        const int count = 2_000;
        const string section = "A signal with a value to a C program and back, both on one processor, per round trip";
        if (Surroundings.Find("taskset") is not { } taskset)
        {
            _rows.Add(Row.Missing(section, "all", "taskset"));
            return;
        }

        string[] pin = [taskset, "-c", "0"];
        using Peer? echo = StartSignalPeer(pin);
        if (echo is null)
        {
            _rows.Add(Row.Missing(section, "all", NoGcc));
            return;
        }

        string partner = echo.Ask("pid 0")[0].ToString(CultureInfo.InvariantCulture);
        using Race race = new(this, section, "µs", 1e3 * count);
        race.Enter(C, () => StartSignalPeer(pin), NoGcc);
        race.Enter(Native, () => StartNative(pin), "");
        race.Enter(PowerShell, () => StartPowerShell(pin), NoPwsh);
        race.Run(peer =>
        {
            echo.Post($"echo {count}");
            double time = peer.Ask($"ping {partner} {count}")[0];
            echo.Answer();
            return time;
        });
        race.Compare(Native, C);
        race.Compare(PowerShell, C);
        race.Report();
    }

    private static Peer? StartSignalPeer(string[] before) =>
        Surroundings.SignalPeer is { } program ? Peer.Start(C, [.. before, program]) : null;
}
