using System;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace PsIpc.Bench;

/// <summary>What of the peers this machine has; run.sh says where things lie.</summary>
internal static class Surroundings
{
    internal static string LedgerPath => Path.Combine(Work, "ledger");

    internal static string Peers => Required("PSIPC_BENCH_PEERS");

    internal static string Module => Path.Combine(Required("PSIPC_MODULE"), "PsIpc.psd1");

    /// <summary>The words that start PowerShell: it may be "dotnet tool run pwsh --". Null when there is none.</summary>
    internal static string[]? PowerShell =>
        Environment.GetEnvironmentVariable("PSIPC_PWSH") is { Length: > 0 } words && File.Exists(Module) ? words.Split(' ') : null;

    /// <summary>The launcher of psipc; null where it is not built.</summary>
    internal static string? Psipc => Path.GetFullPath(Path.Combine(Peers, "../../psipc")) is var path && File.Exists(path) && Succeeds(path, "--version") ? path : null;

    internal static string? CPeer => Path.Combine(Work, "peer-c") is var path && File.Exists(path) ? path : null;

    internal static string? SignalPeer => Path.Combine(Work, "peer-signals") is var path && File.Exists(path) ? path : null;

    internal static string? WaitPeer => Path.Combine(Work, "peer-wait") is var path && File.Exists(path) ? path : null;

    internal static string? WatchPeer => Path.Combine(Work, "peer-watch") is var path && File.Exists(path) ? path : null;

    internal static string? Perl => Find("perl");

    /// <summary>The distribution's Python: the first on the path may be a script that looks for one.</summary>
    internal static string? SystemPython => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Find("python3");

    /// <summary>A Python that has the module: the distribution's own need not be the first on the path.</summary>
    internal static string? Python => new[] { Find("python3"), "/usr/bin/python3" }
        .FirstOrDefault(path => path is not null && File.Exists(path) && Succeeds(path, "-c", "import sysv_ipc"));

    /// <summary>The first file of that name on the path; null when there is none.</summary>
    internal static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Whether a program ends with status 0.</summary>
    internal static bool Succeeds(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Compiles the least module of an assembly, a view and a type; its manifest.</summary>
    internal static string MakeBareModule(string[] shell)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Work, "Bare")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(Peers, "Bare")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        string compile = $"Add-Type -Path '{Peers}/BareCmdlets.cs' -OutputAssembly '{folder}/Bare.dll' -CompilerOptions '-unsafe'";
        return Succeeds(shell[0], [.. shell[1..], "-NoProfile", "-NonInteractive", "-Command", compile])
            ? Path.Combine(folder, "Bare.psd1")
            : throw new InvalidOperationException($"{Peers}/BareCmdlets.cs could not be compiled.");
    }

    private static string Work => Required("PSIPC_BENCH_WORK");

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} is not set: start this by bench/run.sh.");
}
