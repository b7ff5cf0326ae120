using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace PsIpc.Bench;

/// <summary>What is measured of whole programs: how fast they start, and how many lines a second go through them.</summary>
internal sealed partial class Sections
{
    private const string Psipc = "psipc Get-IpcObject";
    private const string NewPowerShell = "pwsh -NoProfile -c 1";
    private const string NoPsipc = "psipc, which ./build.sh builds";

    /// <summary>From exec to exit, one after the other; nobody warms up.</summary>
    private void Starts()
    {
        const string section = "Start to end of a new process";
        const string sameInPowerShell = "pwsh, import, Get-IpcObject";
        const double seventh = 1 / 7.0;
        string[]? shell = Surroundings.PowerShell;
        string? psipc = Surroundings.Psipc;

        // Like with like: the same line in both. The third comparison is unfair to psipc, which does something there where pwsh does nothing.
        (string Name, string[]? Command, string Reason, string? Beside, double? Goal)[] contenders =
        [
            (NewPowerShell, shell is null ? null : [.. shell, "-NoProfile", "-c", "1"], NoPwsh, null, null),
            ("psipc 1", psipc is null ? null : [psipc, "1"], NoPsipc, NewPowerShell, seventh),
            (sameInPowerShell, shell is null ? null : [.. shell, "-NoProfile", "-c", $"Import-Module '{Surroundings.Module}'; Get-IpcObject"], NoPwsh, null, null),
            (Psipc, psipc is null ? null : [psipc, "Get-IpcObject"], NoPsipc, sameInPowerShell, seventh),
            ("ipcs", Surroundings.Find("ipcs") is { } ipcs ? [ipcs] : null, "ipcs", NewPowerShell, null),
            ("python3 -c 1", Surroundings.SystemPython is { } python ? [python, "-c", "1"] : null, "python3", NewPowerShell, null),
        ];
        Dictionary<string, double[]> times = contenders.Where(one => one.Command is not null).ToDictionary(one => one.Name, _ => new double[_rounds]);
        for (int round = -1; round < _rounds; round++)
        {
            foreach ((string name, string[]? command, _, _, _) in contenders)
            {
                if (command is not null && TimeOf(command) is var time && round >= 0) // the first time fills the caches
                {
                    times[name][round] = time;
                }
            }
        }

        foreach ((string name, _, string reason, string? beside, double? goal) in contenders)
        {
            if (!times.TryGetValue(name, out double[]? values))
            {
                _rows.Add(Row.Missing(section, name, reason));
                continue;
            }

            Row row = Row.Of(section, name, "ms", values);
            _rows.Add(beside is not null && times.TryGetValue(beside, out double[]? others) ? row.ComparedWith(beside, values, others, goal) : row);
            if (name == Psipc && times.TryGetValue(NewPowerShell, out double[]? idle))
            {
                _rows.Add(Row.Of(section, $"{Psipc}, beside an idle pwsh", "ms", values).ComparedWith(NewPowerShell, values, idle, 0.2));
            }
        }
    }

    /// <summary>Lines from a file through $input into a queue that another psipc empties.</summary>
    private void Lines()
    {
        const int count = 100_000;
        string section = $"{count:N0} lines of standard input through '$input | Send-SysVMessage', with their start";
        if (Surroundings.Psipc is not { } psipc)
        {
            _rows.Add(Row.Missing(section, "psipc", NoPsipc));
            return;
        }

        int id = ledger.NewSysV().Id;
        string send = string.Create(CultureInfo.InvariantCulture, $"$input | Send-SysVMessage -Id {id}");
        string receive = string.Create(CultureInfo.InvariantCulture, $"{psipc} 'Receive-SysVMessage -Id {id} -Count {count} -As Text' >/dev/null");
        string[] shell = Surroundings.PowerShell ?? [];
        int rounds = Math.Min(_rounds, 5); // pwsh takes seconds
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            ours[round] = TimeOf(["/bin/sh", "-c", $"{receive} & seq {count} | {psipc} '{send}'; wait"]);
            if (shell.Length > 0)
            {
                theirs[round] = TimeOf(
                    ["/bin/sh", "-c", $"{receive} & seq {count} | {string.Join(' ', shell)} -NoProfile -c \"Import-Module '{Surroundings.Module}'; \\{send}\"; wait"]);
            }
        }

        _rows.Add(shell.Length > 0 ? Row.Of(section, "pwsh", "ms", theirs) : Row.Missing(section, "pwsh", NoPwsh));
        Row row = Row.Of(section, "psipc", "ms", ours);
        _rows.Add(shell.Length > 0 ? row.ComparedWith("pwsh", ours, theirs, 1) : row);
    }

    private static double TimeOf(string[] command)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return process.ExitCode == 0 ? time : throw new InvalidOperationException($"{string.Join(' ', command)} ended with status {process.ExitCode}.");
    }
}
