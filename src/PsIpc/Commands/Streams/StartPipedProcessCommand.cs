using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Inventory;
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
        string directory = WorkingDirectory is null ? SessionState.Path.CurrentFileSystemLocation.ProviderPath : ResolveNewPath(WorkingDirectory);
        bool isShell = ParameterSetName == ShellSet;
        string commandLine = isShell ? Command : string.Join(' ', [FilePath, .. ArgumentList ?? []]);
        string name = ProgramStart.Shorten(isShell ? Command : FilePath);
        if (!ShouldProcess(commandLine, "Start"))
        {
            return;
        }

        DateTime startTime = DateTime.Now;
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(
                isShell ? ProgramStart.OfCommand(this, Command, directory) : ProgramStart.OfFile(this, FilePath, ArgumentList, directory));
        }
        catch (IpcException e)
        {
            WriteFailure(e, name, name, ("directory", directory));
            return;
        }

        Deliver(new PipedProcess(child, commandLine, directory, startTime)
        {
            StartTicks = ProcessState.TryGetStartTicks(child.Id),
            BootId = HostIdentity.BootId,
            PidNamespace = HostIdentity.PidNamespace,
        });
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
        string name = ProgramStart.Shorten(process.CommandLine);
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
}
