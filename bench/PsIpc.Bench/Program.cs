using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace PsIpc.Bench;

/// <summary>One executable in several parts: the report, which drives the peers, and the peer that uses PsIpc.Native.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["report", .. string[] options]:
                return RunReport(options);
            case ["peer"]:
                NativePeer.Run();
                return 0;
            case ["clean", string ledger]:
                Ledger.Clean(ledger);
                return 0;
            default:
                Console.Error.WriteLine("usage: PsIpc.Bench report [--json] [--rounds N] [section ...]   (best by bench/run.sh)");
                return 2;
        }
    }

    private static int RunReport(string[] options)
    {
        List<string> sections = [];
        int rounds = 20;
        bool json = false;
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--rounds" when i + 1 < options.Length && int.TryParse(options[i + 1], out rounds) && rounds > 0:
                    i++;
                    break;
                case var name when Sections.Names.Contains(name):
                    sections.Add(name);
                    break;
                default:
                    Console.Error.WriteLine($"There is no option or section '{options[i]}'. Sections: {string.Join(' ', Sections.Names)}");
                    return 2;
            }
        }

        using Ledger ledger = new(Surroundings.LedgerPath);

        // A signal must not leave queues behind; the shell's trap is for those that cannot be caught.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => ledger.Dispose());
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ledger.Dispose());
        List<Row> rows = new Sections(ledger, rounds).Run(sections.Count == 0 ? Sections.Names : sections);
        Console.Out.Write(json ? Report.ToJson(rows) : Report.ToTable(rows));
        return 0;
    }
}
