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

    /// <summary>The whole picture: processes with descriptors and objects, as lsfd and lslocks together list them.</summary>
    private void Graph()
    {
        const string filler = "fill.pl";
        if (Surroundings.Perl is not { } perl || Surroundings.Psipc is not { } psipc)
        {
            _rows.Add(Row.Missing("Graph", "all", "perl, and psipc, which ./build.sh builds"));
            return;
        }

        const int objects = 2_000;
        const int processes = 500;
        using Peer fill = Peer.Start(filler, perl, System.IO.Path.Combine(Surroundings.Peers, filler));
        fill.Ask($"objects {objects}");
        fill.Ask($"processes {processes}");
        const string both = "lsfd, then lslocks";
        string[] line = ["sh", "-c", "lsfd -n && lslocks -n"];
        string[] wanted = Surroundings.Find("lsfd") is not null && Surroundings.Find("lslocks") is not null ? [both] : [];
        CompeteBy(
            $"Graph of {processes} processes with 20 descriptors each, and {3 * objects:N0} System V objects",
            "psipc Show-IpcGraph",
            [psipc, "Show-IpcGraph -All -As Dot"],
            both,
            [.. wanted.Select(name => (name, line)), (Start, [psipc, "Get-IpcKey / 1"])]);
    }

    /// <summary>In each round every program runs once. The ratio is to the first of the others plus the start of psipc alone.</summary>
    private void Compete(string section, string psipc, string kind, params string[] others)
    {
        CompeteBy(
            section,
            $"psipc Get-IpcObject -Kind {kind}",
            [psipc, $"Get-IpcObject -Kind {kind}"],
            others[0],
            [.. others.Where(line => Surroundings.Find(line.Split(' ')[0]) is not null).Select(line => (line, line.Split(' '))), (Start, [psipc, "Get-IpcKey / 1"])],
            others);
    }

    private void CompeteBy(string section, string ours, string[] command, string rival, List<(string Name, string[] Command)> present, params string[] others)
    {
        List<(string Name, string[] Command)> contenders = [.. present, (ours, command)];
        Dictionary<string, double[]> times = contenders.ToDictionary(one => one.Name, _ => new double[_rounds]);
        for (int round = -1; round < _rounds; round++)
        {
            foreach ((string name, string[] program) in contenders)
            {
                if (TimeOf(program) is var time && round >= 0) // the first time fills the caches
                {
                    times[name][round] = time;
                }
            }
        }

        foreach (string name in others.Append(rival).Append(Start).Append(ours).Distinct())
        {
            if (!times.TryGetValue(name, out double[]? values))
            {
                _rows.Add(Row.Missing(section, name, name.Split(' ')[0]));
                continue;
            }

            Row row = Row.Of(section, name, "ms", values);
            if (name == ours && times.TryGetValue(rival, out double[]? first))
            {
                double[] sum = [.. first.Zip(times[Start], (one, other) => one + other)];
                row = row.ComparedWith($"({rival} + start)", values, sum, 1);
            }

            _rows.Add(row);
        }
    }
}
