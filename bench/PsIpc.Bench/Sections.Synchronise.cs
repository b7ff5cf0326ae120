using System;
using System.Globalization;
using System.IO;

namespace PsIpc.Bench;

/// <summary>What semaphores and file locks cost: between two processes, where nobody else wants them, and beside flock(1).</summary>
internal sealed partial class Sections
{
    private void Synchronise()
    {
        Wake("semop", "System V semaphores", () => ledger.NewSet().ToString(CultureInfo.InvariantCulture));
        Wake("semwait", "POSIX semaphores", () => ledger.NewSemaphore());
        Uncontended();
        CriticalSections();
    }

    private void Uncontended()
    {
        const int count = 100_000;
        foreach ((string kind, string title, Func<string> make) in (ReadOnlySpan<(string, string, Func<string>)>)
        [
            ("semop", "System V semaphore", () => ledger.NewSet(1).ToString(CultureInfo.InvariantCulture)),
            ("semwait", "POSIX semaphore", () => ledger.NewSemaphore(1)),
            ("flock", "flock", ledger.NewFile),
            ("ofd", "Open file description lock", ledger.NewFile),
        ])
        {
            using Race race = new(this, $"{title} that nobody else wants, taken and given back, per pair", "µs", 1e3 * count);
            race.Enter(C, StartC, NoGcc);
            race.Enter(Native, StartNative, "");
            string where = make();
            race.Run(peer => peer.Ask($"pair-{kind} {where} {count}")[0]);
            race.Compare(Native, C);
            race.Report();
        }
    }

    /// <summary>What a script has to pay for a critical section with nothing in it.</summary>
    private void CriticalSections()
    {
        const int count = 20;
        const string program = "flock FILE -c true";
        using Race race = new(this, "A critical section with nothing in it, locked by flock", "ms", 1e6 * count);
        race.Enter(program, () => Surroundings.Find("flock") is { } flock
            ? Peer.Start(program, "/bin/sh", Path.Combine(Surroundings.Peers, "locker.sh"), flock)
            : null, "flock");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        string file = ledger.NewFile();
        race.Run(peer => peer.Ask($"section {file} {count}")[0]);
        race.Compare(PowerShell, program, 1);
        race.Report();
    }
}
