using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Bench;

/// <summary>What is measured of the inventory: whole programs, from exec to exit, on many objects and many processes.</summary>
internal sealed partial class Sections
{
    private const string Start = "psipc, nothing to list";

    /// <summary>Many objects of System V, and many processes with descriptors; the objects go with the namespace.</summary>
    private void Inventory()
    {
        const string filler = "fill.pl";
        if (Surroundings.Perl is not { } perl || Surroundings.Psipc is not { } psipc)
        {
            _rows.Add(Row.Missing("Inventory", "all", "perl, and psipc, which ./build.sh builds"));
            return;
        }

        foreach (int count in (int[])[2_000, 20_000])
        {
            using Peer fill = Peer.Start(filler, perl, System.IO.Path.Combine(Surroundings.Peers, filler));
            fill.Ask($"objects {count}");
            Compete($"Listing {count:N0} System V queues", psipc, "SysVMessageQueue", "lsipc -q", "ipcs -q");
            Compete($"Listing {count:N0} System V segments", psipc, "SysVSharedMemory", "lsipc -m", "ipcs -m");
            Compete($"Listing {count:N0} System V semaphore sets (psipc: values, waiters and last pids too)", psipc, "SysVSemaphore", "lsipc -s", "ipcs -s");
        }

        foreach (int count in (int[])[50, 500])
        {
            using Peer fill = Peer.Start(filler, perl, System.IO.Path.Combine(Surroundings.Peers, filler));
            fill.Ask($"processes {count}");
            Compete($"Pipes of {count} processes with 20 descriptors each", psipc, "Pipe", "lsfd -n", "lsof -n -P -w");
        }
    }

    /// <summary>In each round every program runs once. The ratio is to the first of the others plus the start of psipc alone.</summary>
    private void Compete(string section, string psipc, string kind, params string[] others)
    {
        string ours = $"psipc Get-IpcObject -Kind {kind}";
        List<(string Name, string[] Command)> contenders =
        [
            .. others.Where(line => Surroundings.Find(line.Split(' ')[0]) is not null).Select(line => (line, line.Split(' '))),
            (Start, [psipc, "Get-IpcKey / 1"]),
            (ours, [psipc, $"Get-IpcObject -Kind {kind}"]),
        ];
        Dictionary<string, double[]> times = contenders.ToDictionary(one => one.Name, _ => new double[_rounds]);
        for (int round = -1; round < _rounds; round++)
        {
            foreach ((string name, string[] command) in contenders)
            {
                if (TimeOf(command) is var time && round >= 0) // the first time fills the caches
                {
                    times[name][round] = time;
                }
            }
        }

        foreach (string name in others.Append(Start).Append(ours))
        {
            if (!times.TryGetValue(name, out double[]? values))
            {
                _rows.Add(Row.Missing(section, name, name.Split(' ')[0]));
                continue;
            }

            Row row = Row.Of(section, name, "ms", values);
            if (name == ours && times.TryGetValue(others[0], out double[]? first))
            {
                double[] sum = [.. first.Zip(times[Start], (one, other) => one + other)];
                row = row.ComparedWith($"({others[0]} + start)", values, sum, 1);
            }

            _rows.Add(row);
        }
    }
}
