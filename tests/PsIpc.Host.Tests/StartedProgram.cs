using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Xunit;

namespace PsIpc.Host.Tests;

/// <summary>
/// A program that a test started, with pipes for its standard streams. The signals that end programs have their default dispositions: a shell starts
/// what runs in the background with SIGINT ignored, nohup(1) with SIGHUP, and all that comes of it inherits that. At the end of the test
/// it is gone, however that came.
/// </summary>
internal sealed class StartedProgram : IDisposable
{
    /// <summary>How long a program may take that does not hang.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private StartedProgram(string program, string[] arguments) =>
        Process = Process.Start(new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,TERM,HUP", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    internal Process Process { get; }

    internal int Id => Process.Id;

    /// <summary>Starts psipc.</summary>
    internal static StartedProgram Psipc(params string[] arguments) => new(Places.Host, arguments);

    /// <summary>Starts any program.</summary>
    internal static StartedProgram Start(string program, params string[] arguments) => new(program, arguments);

    /// <summary>Runs psipc to its end, with no input.</summary>
    internal static (int Status, string Output, string Errors) RunPsipc(params string[] arguments)
    {
        using StartedProgram psipc = Psipc(arguments);
        return psipc.Finish();
    }

    /// <summary>The next line of its output.</summary>
    internal string ReadLine()
    {
        Task<string?> line = Process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(Patience), "It wrote nothing.");
        return line.Result ?? throw new InvalidOperationException("It has ended: " + Process.StandardError.ReadToEnd());
    }

    /// <summary>Waits for its end; how it ended.</summary>
    internal int WaitForExit()
    {
        Assert.True(Process.WaitForExit(Patience), "It did not end.");
        return Process.ExitCode;
    }

    /// <summary>Gives it an input, and takes all that it writes up to its end.</summary>
    internal (int Status, string Output, string Errors) Finish(string? input = null)
    {
        Task<string> output = Process.StandardOutput.ReadToEndAsync();
        Task<string> errors = Process.StandardError.ReadToEndAsync();
        Process.StandardInput.Write(input);
        Process.StandardInput.Close();
        int status = WaitForExit();
        return (status, output.Result, errors.Result);
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
        }

        Process.Dispose();
    }
}
