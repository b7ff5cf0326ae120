using System.Management.Automation;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Gives to a semaphore, and wakes who waits for that: sem_post(3), semop(2).</summary>
[Cmdlet(VerbsCommon.Exit, "Semaphore", DefaultParameterSetName = AddressSets.Name)]
public sealed class ExitSemaphoreCommand : SemaphoreCommand
{
    /// <summary>How much to give, 1 unless said otherwise: one number for all of -Index, or one for each.</summary>
    [Parameter]
    [ValidateRange(1, Native.SysV.SysVSemaphoreSet.MaxValue)]
    [ValidateNotNullOrEmpty]
    public int[]? Count { get; set; }

    /// <summary>Settles what was taken with -Undo, so that the kernel does not give it back once more when this process ends; System V sets only.</summary>
    [Parameter]
    public SwitchParameter Undo { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SemaphoreAddress address = Address;
        try
        {
            SemaphorePlan plan = SemaphorePlan.Of(Index, Count, 1, Undo);
            using OpenSemaphore semaphore = Open(address, plan);
            if (semaphore.Operate(plan.Operations, Waiter, Deadline.Infinite) == WaitStatus.Cancelled)
            {
                throw new PipelineStoppedException();
            }

            WriteVerbose($"{address.Name}: left.");
        }
        catch (SemaphoreRefusedException e)
        {
            WriteError(e.Record);
        }
        catch (IpcException e)
        {
            WriteError(Failed(e, address));
        }
    }
}
