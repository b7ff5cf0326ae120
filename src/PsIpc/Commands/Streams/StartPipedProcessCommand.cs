using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Processes;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>Starts a program beside the pipeline, by a shell as popen(3) or without one as fork and execve(2).</summary>
[Cmdlet(VerbsLifecycle.Start, "PipedProcess", DefaultParameterSetName = ProgramSet, SupportsShouldProcess = true)]
[OutputType(typeof(PipedProcess))]
public sealed class StartPipedProcessCommand : IpcCommand
{
    private const string ProgramSet = "FilePath";
    private const string ShellSet = "Command";
    private const string Shell = "/bin/sh";
    private const string ShellName = "sh"; // as popen calls it
    private const string DefaultSearchPath = "/usr/local/bin:/usr/bin:/bin"; // where there is no PATH
    private const int MaxShown = 100;

    /// <summary>The program: a path, with a slash in it, or a name that is looked for in $env:PATH. No shell sees it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ProgramSet)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments, each handed over exactly as it is.</summary>
    [Parameter(Position = 1, ParameterSetName = ProgramSet)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? ArgumentList { get; set; }

    /// <summary>A command line for /bin/sh -c.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ShellSet)]
    [ValidateNotNullOrEmpty]
    public string Command { get; set; } = "";

    /// <summary>The directory to start it in; PowerShell's current one unless said otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Waits for its end before the process is emitted.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long to wait for its end: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then the error ExitTimeout. Implies -Wait.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string current = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        string directory = WorkingDirectory is null ? current : ResolveNewPath(WorkingDirectory);
        bool isShell = ParameterSetName == ShellSet;
        string name = Shorten(isShell ? Command : FilePath);
        string[] arguments = isShell ? ["-c", Command] : [.. (ArgumentList ?? []).Select(argument => argument ?? "")];
        if (arguments.Append(FilePath).Append(directory).Any(text => text.Contains('\0', StringComparison.Ordinal)))
        {
            ThrowTerminatingError(Failure.Of("ArgumentHoldsNul", ErrorCategory.InvalidArgument, name, ("target", name.Replace('\0', '\uFFFD'))));
        }

        string commandLine = isShell ? Command : string.Join(' ', [FilePath, .. arguments]);
        if (!ShouldProcess(commandLine, "Start"))
        {
            return;
        }

        DateTime startTime = DateTime.Now;
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(new ProcessStart(isShell ? Shell : FindProgram(current), arguments)
            {
                Name = isShell ? ShellName : FilePath,
                WorkingDirectory = directory,
                Environment = Variables(),
            });
        }
        catch (IpcException e)
        {
            WriteFailure(e, name, name, ("directory", directory));
            return;
        }

        Deliver(new PipedProcess(child, commandLine, directory, startTime));
    }

    /// <summary>An absolute path is taken as it is; others begin where PowerShell is, or at home after ~.</summary>
    private string FindProgram(string current)
    {
        bool isPath = FilePath.Contains('/', StringComparison.Ordinal) && !FilePath.StartsWith('/');
        return ProgramSearch.Find(
            isPath ? ResolveNewPath(FilePath) : FilePath, current, Environment.GetEnvironmentVariable("PATH") ?? DefaultSearchPath);
    }

    private void Deliver(PipedProcess process)
    {
        if (Wait || Timeout is not null)
        {
            WriteVerbose($"Waiting for process {process.Id}.");
            if (!WaitFor(process))
            {
                process.Dispose();
                throw new PipelineStoppedException();
            }
        }

        // It runs, however the wait for it went: who started it must be able to find it.
        WriteObject(process);
    }

    /// <summary>False when the pipeline was stopped.</summary>
    private bool WaitFor(PipedProcess process)
    {
        Deadline deadline = Timeout is { } time ? Deadline.After(time) : Deadline.Infinite;
        string name = Shorten(process.CommandLine);
        try
        {
            switch (process.Wait(Waiter, deadline))
            {
                case WaitStatus.Cancelled:
                    return false;
                case WaitStatus.TimedOut or WaitStatus.WouldBlock:
                    WriteError(Failure.Timeout("ExitTimeout", process, name, Timeout ?? TimeSpan.Zero));
                    break;
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, process, name);
        }

        return true;
    }

    /// <summary>A command may have 128 KiB; a sentence names its beginning.</summary>
    private static string Shorten(string command) => command.Length <= MaxShown ? command : string.Concat(command.AsSpan(0, MaxShown), "\u2026");

    /// <summary>What $env: says: .NET keeps it, and the C library's own copy stays as it was at the start.</summary>
    private static Dictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
