using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Locks;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Takes a lock on a file: what Lock-File and Use-FileLock have in common.</summary>
public abstract class FileLockCommand : WaitingCommand
{
    /// <summary>The regular file to lock, taken literally. A symbolic link is refused.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>A shared lock, which any number may have at once; exclusive unless said so.</summary>
    [Parameter]
    public SwitchParameter Shared { get; set; }

    /// <summary>
    /// The kind of lock: Flock (what flock(1) takes) for a whole file, OpenFileDescription where -Start or -Length is given, unless said otherwise.
    /// </summary>
    [Parameter(ParameterSetName = AddressSets.Path)]
    public FileLockKind? LockKind { get; set; }

    /// <summary>Offset of the first byte to lock; 0 unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Path)]
    [ValidateRange(0, long.MaxValue)]
    public long? Start { get; set; }

    /// <summary>How many bytes to lock; all up to the end of the file, however far that may move, unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Path)]
    [ValidateRange(1, long.MaxValue)]
    public long? Length { get; set; }

    /// <summary>Makes the file, with mode 0600, where there is none.</summary>
    [Parameter(ParameterSetName = AddressSets.Path)]
    public SwitchParameter Create { get; set; }

    /// <summary>Takes the lock that the parameters ask for; what keeps it from being taken ends the cmdlet.</summary>
    private protected FileLockHold TakeLock()
    {
        FileLockRequest request;
        try
        {
            request = LockRange.Request(ResolveNewPath(Path), LockKind, Start, Length, Shared, Create);
        }
        catch (LockRefusedException e)
        {
            throw Terminated(Failure.Of(e.ErrorId, ErrorCategory.InvalidArgument, Path, ("target", Path)));
        }

        FileLockHold? hold = null;
        try
        {
            hold = FileLockHold.Open(request, mayWait: !NoWait);
            if (hold.Kind == FileLockKind.Record)
            {
                WriteWarning(Sentences.Format("RecordLockFragile", ("target", request.Path)));
            }

            Wait(hold, request.Path);
            FileLockHold taken = hold;
            hold = null;
            return taken;
        }
        catch (LockRefusedException e)
        {
            throw Refused(e, Path, request.Path);
        }
        catch (IpcException e)
        {
            throw Terminated(Failure.Of(e, Path, request.Path));
        }
        finally
        {
            if (hold is not null)
            {
                RunspaceResources.Release(hold);
            }
        }
    }

    /// <summary>Waits for the lock, or for its conversion; comes back only when it is there.</summary>
    /// <exception cref="IpcException">It cannot be taken.</exception>
    private protected void Wait(FileLockHold hold, string path)
    {
        bool wasHeld = hold.IsHeld;
        WaitStatus status = hold.Take(Shared, Waiter, NextDeadline);
        if (hold.IsReleased)
        {
            throw Terminated(Failure.Of("LockNotHeld", ErrorCategory.ObjectNotFound, hold.Handle, ("target", path)));
        }

        if (status == WaitStatus.Cancelled || Waiter.IsCancelled)
        {
            throw new PipelineStoppedException(); // a lock that came in that very instant goes back, too
        }

        if (status == WaitStatus.Done)
        {
            return;
        }

        string rest = !wasHeld ? ""
            : hold.IsHeld ? " The lock that was to be converted is still held."
            : " The lock that was to be converted is lost: flock(2) gives it back before it asks for the other.";
        throw Terminated(status == WaitStatus.WouldBlock
            ? Failure.Of("LockBusy", ErrorCategory.ResourceBusy, path, ("target", path), ("holder", FileLockSearch.WhoBlocks(hold, Shared)), ("rest", rest))
            : Failure.Timeout("LockTimeout", path, path, TimeWaited, ("holder", FileLockSearch.WhoBlocks(hold, Shared)), ("rest", rest)));
    }

    /// <summary>Ends the cmdlet because of a lock that the process or the runspace has.</summary>
    private protected Exception Refused(LockRefusedException refusal, object target, string path) => Terminated(Failure.Of(
        refusal.ErrorId,
        refusal.ErrorId == "LockWaitsForItself" ? ErrorCategory.DeadlockDetected : ErrorCategory.ResourceBusy,
        target,
        ("target", path)));

    /// <summary>Ends the cmdlet; the compiler is told that nothing comes after.</summary>
    private protected Exception Terminated(ErrorRecord error)
    {
        ThrowTerminatingError(error);
        return new InvalidOperationException();
    }
}
