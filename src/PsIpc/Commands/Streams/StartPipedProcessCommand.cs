using System;
using System.Collections;
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

    /// <summary>How long a process may take to be gone by SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    /// <summary>The program: a path, with a slash in it, or a name that is looked for in $env:PATH. No shell sees it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ProgramSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProgramCompleter))]
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

    /// <summary>What it reads as its standard input: a file, or a handle; of a pipe the end that is read. PowerShell's own unless said otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? StandardInput { get; set; }

    /// <summary>Where its standard output goes: a file, which is emptied first, or a handle; of a pipe the end that is written to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? StandardOutput { get; set; }

    /// <summary>Where its standard error goes, likewise. The file of -StandardOutput may be given again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? StandardError { get; set; }

    /// <summary>Appends to the files of -StandardOutput and -StandardError instead of emptying them.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Sends standard error where standard output goes, as 2&gt;&amp;1 does in a shell.</summary>
    [Parameter]
    public SwitchParameter MergeError { get; set; }

    /// <summary>Further descriptors that it gets, by the numbers that they will have there: @{ 3 = $handle }.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? PassHandle { get; set; }

    /// <summary>Kills it with all that it started, when -Timeout has passed or the pipeline is stopped while it waits.</summary>
    [Parameter]
    public SwitchParameter Kill { get; set; }

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
        RefuseTogether(nameof(StandardError), nameof(MergeError));
        if (Kill && !Wait && Timeout is null)
        {
            ThrowTerminatingError(Failure.Of("KillNeedsWait", ErrorCategory.InvalidArgument, null));
        }

        if (!ShouldProcess(commandLine, "Start"))
        {
            return;
        }

        DateTime startTime;
        ChildProcess child;
        try
        {
            // The program and its directory are looked for first: where there is none, no file is emptied.
            ProcessStart start = isShell ? ProgramStart.OfCommand(this, Command, directory) : ProgramStart.OfFile(this, FilePath, ArgumentList, directory);
            using Redirections redirections = new(this, Waiter);
            Redirect(redirections);
            startTime = DateTime.Now;
            child = ChildProcess.Start(start.With(redirections.Descriptors));
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

    private void Redirect(Redirections redirections)
    {
        redirections.AddPassed(PassHandle, MergeError);
        redirections.AddStandard(0, StandardInput, append: false);
        redirections.AddStandard(1, StandardOutput, Append);
        redirections.AddStandard(2, StandardError, Append);
        if (MergeError)
        {
            redirections.MergeError();
        }
    }

    private void Deliver(PipedProcess process)
    {
        if (Wait || Timeout is not null)
        {
            try
            {
                WriteVerbose($"Waiting for process {process.Id}.");
                WaitFor(process);
            }
            catch (PipelineStoppedException)
            {
                End(process);
                process.Dispose();
                throw;
            }
        }

        // It runs, however the wait for it went: who started it must be able to find it.
        WriteObject(process);
    }

    private void WaitFor(PipedProcess process)
    {
        Deadline deadline = Timeout is { } time ? Deadline.After(time) : Deadline.Infinite;
        string name = ProgramStart.Shorten(process.CommandLine);
        try
        {
            switch (process.Wait(Waiter, deadline))
            {
                case WaitStatus.Cancelled:
                    throw new PipelineStoppedException();
                case WaitStatus.TimedOut or WaitStatus.WouldBlock:
                    End(process);
                    WriteError(Failure.Timeout(Kill ? "ExitTimeoutKilled" : "ExitTimeout", process, name, Timeout ?? TimeSpan.Zero));
                    break;
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, process, name);
        }
    }

    /// <summary>Where that was asked for: kills it, and gives the kernel the moment that it takes.</summary>
    private void End(PipedProcess process)
    {
        if (Kill)
        {
            process.Kill();
            using Waiter waiter = new(); // the cmdlet's own does nothing more when it was cancelled
            _ = process.Wait(waiter, Deadline.After(Grace));
        }
    }
}
