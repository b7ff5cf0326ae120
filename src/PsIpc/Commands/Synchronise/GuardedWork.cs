using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Processes;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>
/// What Use-Semaphore and Use-FileLock do inside: a script block in the caller's scope, or a program. Neither comes back before its work has ended,
/// however that ends.
/// </summary>
internal sealed class GuardedWork
{
    /// <summary>How long a program may take to end by SIGTERM when the pipeline is stopped, and then to be gone by SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    private readonly PSCmdlet _cmdlet;
    private readonly ScriptBlock? _block;
    private readonly ProcessStart? _program;

    private GuardedWork(PSCmdlet cmdlet, ScriptBlock? block, ProcessStart? program) => (_cmdlet, _block, _program) = (cmdlet, block, program);

    /// <summary>What is to be done; a program is looked for before anything is waited for.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="block">A script block, or null.</param>
    /// <param name="filePath">A program, or null.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Where it is to run.</param>
    internal static GuardedWork Of(IpcCommand cmdlet, ScriptBlock? block, string? filePath, string[]? arguments, Func<string> directory)
    {
        if ((block is null) == (filePath is null) || (block is not null && arguments is not null))
        {
            cmdlet.ThrowTerminatingError(Failure.Of("GuardedWorkUnclear", ErrorCategory.InvalidArgument, filePath));
        }

        if (filePath is null)
        {
            return new GuardedWork(cmdlet, block, null);
        }

        if (ProgramStart.IsOutputTaken(cmdlet))
        {
            cmdlet.ThrowTerminatingError(Failure.Of("GuardedProgramRemote", ErrorCategory.InvalidOperation, filePath, ("target", filePath)));
        }

        try
        {
            return new GuardedWork(cmdlet, null, ProgramStart.OfFile(cmdlet, filePath, arguments, directory()));
        }
        catch (IpcException e)
        {
            cmdlet.ThrowTerminatingError(Failure.Of(e, filePath, filePath));
            throw;
        }
    }

    /// <summary>Does it.</summary>
    /// <param name="waiter">Tells that the pipeline was stopped.</param>
    internal void Run(Waiter waiter)
    {
        if (_block is not null)
        {
            // This overload streams, and it is no new scope; the ones that hand back a collection hold everything until the end.
            _cmdlet.InvokeCommand.InvokeScript(
                ". $args[0]", useNewScope: false, PipelineResultTypes.Output | PipelineResultTypes.Error, input: null, _block);
            return;
        }

        try
        {
            using ChildProcess child = ChildProcess.Start(_program!);
            if (child.Wait(waiter, Deadline.Infinite) == WaitStatus.Cancelled)
            {
                End(child);
                throw new PipelineStoppedException();
            }

            _cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", child.Exit?.ShellStatus ?? 0);
        }
        catch (IpcException e)
        {
            _cmdlet.ThrowTerminatingError(Failure.Of(e, _program!.FileName, _program.FileName));
        }
    }

    /// <summary>What is guarded must not be given back while the program is still at it.</summary>
    private static void End(ChildProcess child)
    {
        const int sigterm = 15;
        const int sigkill = 9;
        using Waiter waiter = new(); // the cmdlet's own does nothing more
        foreach (int signal in (ReadOnlySpan<int>)[sigterm, sigkill])
        {
            child.Send(signal);
            if (child.Wait(waiter, Deadline.After(Grace)) == WaitStatus.Done)
            {
                return;
            }
        }
    }
}
