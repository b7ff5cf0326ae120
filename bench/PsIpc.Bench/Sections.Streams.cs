using System;
using System.Globalization;
using System.IO;

namespace PsIpc.Bench;

/// <summary>What bytes and lines cost: through a FIFO, beside C with the same buffer, and beside Get-Content of the same lines.</summary>
internal sealed partial class Sections
{
    private void Streams()
    {
        const int megabytes = 512;
        foreach ((string word, string partnerWord, string title) in (ReadOnlySpan<(string, string, string)>)
            [("fifo-read", "fifo-write", "read"), ("fifo-write", "fifo-read", "written")])
        {
            using Peer? partner = StartC();
            using Race race = new(this, $"A FIFO {title} in blocks of 64 KiB, C at the other side, per block", "µs", 1e3 * megabytes * 16);
            race.Enter(C, StartC, NoGcc);
            race.Enter(Native, StartNative, "");
            string path = ledger.NewFifo();
            race.Run(peer =>
            {
                partner?.Post($"{partnerWord} {path} {megabytes}");
                double time = peer.Ask($"{word} {path} {megabytes}")[0];
                partner?.Answer();
                return time;
            });
            race.Compare(Native, C, 1.1);
            race.Report();
        }

        StreamLines();
    }

    private void StreamLines()
    {
        const int count = 50_000;
        const string file = "PowerShell, Get-Content";
        const string fifo = "PowerShell, Read-Fifo";
        string lines = ledger.NewFile();
        using (StreamWriter writer = new(lines))
        {
            for (int i = 0; i < count; i++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"line {i} of a log, with some text in it as logs have\n"));
            }
        }

        using Race race = new(this, "A line that comes into the pipeline", "µs", 1e3 * count);
        race.Enter(file, StartPowerShell, NoPwsh);
        race.Enter(fifo, StartPowerShell, NoPwsh);
        string path = ledger.NewFifo();
        race.Run(peer => peer.Ask(peer.Name == file ? $"lines-file {lines}" : $"lines-fifo {path} {lines}")[0]);
        race.Compare(fifo, file, 1);
        race.Report();
    }
}
