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

    /// <summary>The program: a path with a slash in it, or a name that is looked for in $env:PATH. No shell sees it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ProgramSet)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments, each handed over exactly as it is.</summary>
    [Parameter(Position = 1, ParameterSetName = ProgramSet)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[] ArgumentList { get; set; } = [];

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
        string name = isShell ? Command : FilePath;
        string[] arguments = isShell ? ["-c", Command] : [.. ArgumentList.Select(argument => argument ?? "")];
        if (arguments.Append(name).Append(directory).Any(text => text.Contains('\0', StringComparison.Ordinal)))
        {
            ThrowTerminatingError(Failure.Of("ArgumentHoldsNul", ErrorCategory.InvalidArgument, name, ("target", name)));
        }

        string commandLine = isShell ? Command : string.Join(' ', [FilePath, .. arguments]);
        if (!ShouldProcess(commandLine, "Start"))
        {
            return;
        }

        try
        {
            string program = isShell ? Shell : ProgramSearch.Find(FilePath, current, Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin");
            DateTime startTime = DateTime.Now;
            ChildProcess child = ChildProcess.Start(
                new ProcessStart(program, arguments) { WorkingDirectory = directory, Environment = Variables() });
            Deliver(new PipedProcess(child, commandLine, directory, startTime));
        }
        catch (IpcException e)
        {
            WriteFailure(e, name, name, ("directory", directory));
        }
    }

    private void Deliver(PipedProcess process)
    {
        if (Wait || Timeout is not null)
        {
            WriteVerbose($"Waiting for process {process.Id}.");
            Deadline deadline = Timeout is { } time ? Deadline.After(time) : Deadline.Infinite;
            switch (process.Wait(Waiter, deadline))
            {
                case WaitStatus.Cancelled:
                    process.Dispose();
                    throw new PipelineStoppedException();
                case WaitStatus.TimedOut or WaitStatus.WouldBlock:
                    WriteError(Failure.Timeout("ExitTimeout", process, process.CommandLine, Timeout ?? TimeSpan.Zero));
                    break;
            }
        }

        WriteObject(process);
    }

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
