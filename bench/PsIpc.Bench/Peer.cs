using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace PsIpc.Bench;

/// <summary>
/// A program that waits on its standard input for something to do and answers with nanoseconds. It lives as long as its
/// section, so that starting it and compiling it just in time are outside of what is measured.
/// </summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(string name, Process process) => (Name, _process) = (name, process);

    /// <summary>What the table calls it.</summary>
    internal string Name { get; set; }

    internal static Peer Start(string name, params string[] words)
    {
        Process process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Peer peer = new(name, process);
        string? first = process.StandardOutput.ReadLine();
        return first == "ready" ? peer : throw new InvalidOperationException($"{name} did not start: {first}");
    }

    /// <summary>Has it do something, and waits for its answer.</summary>
    internal double[] Ask(string request)
    {
        Post(request);
        return Answer();
    }

    /// <summary>Has it begin with something.</summary>
    internal void Post(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
    }

    /// <summary>What came of it.</summary>
    internal double[] Answer()
    {
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended in the middle of it.");
        return answer.StartsWith("error", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{Name}: {answer}")
            : [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    /// <summary>Closes its input, which ends it; one that does not end is ended.</summary>
    public void Dispose()
    {
        _process.StandardInput.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
