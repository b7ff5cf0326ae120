using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace PsIpc.Native.Tests.Support;

/// <summary>Another program, spoken to by lines. Ends with its owner, whatever happens.</summary>
internal sealed class Peer : IDisposable
{
    /// <summary>A hang guard, no expectation of speed.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly string _command;

    private Peer(Process process, string command)
    {
        _process = process;
        _command = command;
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal int Id => _process.Id;

    internal static Peer Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        // One byte a character, both ways: peers speak in bytes.
        ProcessStartInfo start = new(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
            StandardErrorEncoding = Encoding.UTF8,
        };
        for (int i = 1; i < command.Count; i++)
        {
            start.ArgumentList.Add(command[i]);
        }

        start.Environment["LC_ALL"] = "C"; // what tools print is read
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new Peer(Process.Start(start)!, string.Join(' ', command));
    }

    /// <summary>Runs a command to its end and gives its output; fails when it fails.</summary>
    internal static string Run(params IReadOnlyList<string> command)
    {
        using Peer peer = Start(command);
        return peer.Finish();
    }

    internal void WriteLine(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    internal string ReadLine()
    {
        string? line = Wait(_process.StandardOutput.ReadLineAsync());
        return line ?? throw new IOException($"{_command} ended: {Wait(_errors)}");
    }

    /// <summary>Ends its input, waits for its end, gives the rest of its output.</summary>
    internal string Finish()
    {
        (int status, string output, string errors) = FinishAnyhow();
        Assert.True(status == 0, $"{_command}: status {status}\n{output}\n{errors}");
        return output;
    }

    /// <summary>Ends its input and waits for its end, be it good or bad.</summary>
    internal (int Status, string Output, string Errors) FinishAnyhow()
    {
        _process.StandardInput.Close();
        string output = Wait(_process.StandardOutput.ReadToEndAsync());
        string errors = Wait(_errors);
        Assert.True(_process.WaitForExit(Patience), $"{_command} does not end.");
        return (_process.ExitCode, output, errors);
    }

    /// <summary>Ends it by SIGKILL, at once.</summary>
    internal void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static T Wait<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();
}
