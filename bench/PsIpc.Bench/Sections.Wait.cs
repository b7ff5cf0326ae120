using System.Globalization;
using System.IO;

namespace PsIpc.Bench;

/// <summary>How soon one who waits for twelve objects of seven kinds is awake when one of them is ready.</summary>
internal sealed partial class Sections
{
    private void Waits()
    {
        const int count = 25;
        const string section = "Awake after one of twelve objects of seven kinds is ready (8 polled, as C does; 4 that PsIpc looks at besides)";
        if (Surroundings.Perl is not { } perl)
        {
            _rows.Add(Row.Missing(section, "all", "perl"));
            return;
        }

        string there = ledger.NewFifo();
        string back = ledger.NewFifo();
        string objects = string.Create(
            CultureInfo.InvariantCulture,
            $"{ledger.NewPosix(1).Name} {ledger.NewPosix(1).Name} {ledger.NewSysV().Id} {ledger.NewSet()} {ledger.NewSemaphore()} {ledger.NewFile()}");
        using Peer ticker = Peer.Start("ticker", perl, Path.Combine(Surroundings.Peers, "ticker.pl"), there, back);
        using Race race = new(this, section, "µs", 1e3 * count);
        race.Enter(C, () => Surroundings.WaitPeer is { } program ? Peer.Start(C, program) : null, NoGcc);
        race.Enter(Native, StartNative, "");
        race.Enter(PowerShell, StartPowerShell, NoPwsh);
        race.Run(peer => peer.Ask($"wait {there} {back} {objects} {count}")[0]);
        race.Compare(Native, C, 1.5);
        race.Compare(PowerShell, C);
        race.Report();
    }
}
