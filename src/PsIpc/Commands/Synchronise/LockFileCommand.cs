using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Locks a file until it is unlocked or the runspace ends: flock(2), fcntl(2).</summary>
[Cmdlet(VerbsCommon.Lock, "File", DefaultParameterSetName = AddressSets.Path)]
[OutputType(typeof(HeldFileLock))]
public sealed class LockFileCommand : FileLockCommand
{
    /// <summary>A lock that this runspace holds, to be converted: into a shared one with -Shared, else into an exclusive one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Lock)]
    [ValidateNotNull]
    public HeldFileLock? Lock { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Lock is null)
        {
            FileLockHold hold = TakeLock();
            try
            {
                WriteVerbose($"{hold.Handle}: locked.");
                WriteObject(hold.Handle);
            }
            catch (PipelineStoppedException)
            {
                RunspaceResources.Release(hold); // a script that was stopped gives nothing back
                throw;
            }

            return;
        }

        Convert(Lock);
    }

    private void Convert(HeldFileLock held)
    {
        if (FileLockHold.Of(held) is not { } hold)
        {
            throw Terminated(Failure.Of("LockNotHeld", ErrorCategory.ObjectNotFound, held, ("target", held.Path)));
        }

        try
        {
            if (!NoWait)
            {
                hold.CheckConversion(Shared);
            }

            Wait(hold, held.Path);
        }
        catch (LockRefusedException e)
        {
            throw Refused(e, held, held.Path);
        }
        catch (IpcException e)
        {
            throw Terminated(Failure.Of(e, held, held.Path));
        }
        finally
        {
            if (!hold.IsHeld)
            {
                RunspaceResources.Release(hold);
            }
        }

        WriteVerbose($"{held}: converted.");
        WriteObject(held);
    }
}
