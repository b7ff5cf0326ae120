using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Takes from a semaphore: what Enter-Semaphore and Use-Semaphore have in common.</summary>
public abstract class TakeSemaphoreCommand : SemaphoreCommand
{
    /// <summary>How much to take from a semaphore of a System V set, 1 unless said otherwise: one number for all of -Index, or one for each.</summary>
    [Parameter]
    [ValidateRange(1, Native.SysV.SysVSemaphoreSet.MaxValue)]
    [ValidateNotNullOrEmpty]
    public int[]? Count { get; set; }

    /// <summary>Has the kernel give back what is still taken when this process ends (SEM_UNDO); System V sets only.</summary>
    [Parameter]
    public SwitchParameter Undo { get; set; }

    /// <summary>Never waits: what cannot be taken at once is the error SemaphoreBusy.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long to wait: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => RefuseTogether(nameof(NoWait), nameof(Timeout));

    /// <summary>What is to be taken.</summary>
    /// <exception cref="SemaphoreRefusedException">The parameters do not go together.</exception>
    private protected virtual SemaphorePlan Plan => SemaphorePlan.Of(Index, Count, -1, Undo);

    /// <summary>Takes it; what keeps it from being taken ends the cmdlet.</summary>
    /// <returns>The semaphore, to be given back to and disposed, and what was taken.</returns>
    private protected (OpenSemaphore Semaphore, SemaphorePlan Plan) Take(in SemaphoreAddress address)
    {
        OpenSemaphore? semaphore = null;
        try
        {
            SemaphorePlan plan = Plan;
            semaphore = Open(address, plan);
            Wait(semaphore, plan, address);
            OpenSemaphore taken = semaphore;
            semaphore = null;
            return (taken, plan);
        }
        catch (SemaphoreRefusedException e)
        {
            throw Terminated(e.Record);
        }
        catch (IpcException e)
        {
            throw Terminated(Failed(e, address));
        }
        finally
        {
            semaphore?.Dispose();
        }
    }

    private void Wait(OpenSemaphore semaphore, SemaphorePlan plan, in SemaphoreAddress address)
    {
        WaitStatus status = semaphore.Operate(plan.Operations, Waiter, Deadline.Of(NoWait, Timeout));
        if (status == WaitStatus.Done && Waiter.IsCancelled)
        {
            semaphore.Revert(plan.Operations); // it came in the very instant of the stop: nobody will give it back else
        }

        if (status == WaitStatus.Cancelled || Waiter.IsCancelled)
        {
            throw new PipelineStoppedException();
        }

        if (status != WaitStatus.Done)
        {
            throw new SemaphoreRefusedException(status == WaitStatus.WouldBlock
                ? Failure.Of("SemaphoreBusy", ErrorCategory.ResourceBusy, address.Target, ("target", address.Name))
                : Failure.Timeout("SemaphoreTimeout", address.Target, address.Name, Timeout ?? TimeSpan.Zero));
        }
    }
}
