using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Takes from a semaphore as soon as it is there: sem_wait(3), semop(2).</summary>
[Cmdlet(VerbsCommon.Enter, "Semaphore", DefaultParameterSetName = AddressSets.Name)]
public sealed class EnterSemaphoreCommand : TakeSemaphoreCommand
{
    /// <summary>Any operations on the semaphores of a System V set, done all at once: '0:-1' takes, '1:+1' gives, '2:0' waits for zero.</summary>
    [Parameter]
    [SemaphoreStepTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemaphoreStepCompleter))]
    public SemaphoreStep[]? Operation { get; set; }

    private protected override SemaphorePlan Plan => Operation is not null ? SemaphorePlan.Of(Operation, Undo) : base.Plan;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        RefuseTogether(nameof(Operation), nameof(Index));
        RefuseTogether(nameof(Operation), nameof(Count));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SemaphoreAddress address = Address;
        (OpenSemaphore semaphore, SemaphorePlan plan) = Take(address);
        using (semaphore)
        {
            try
            {
                WriteVerbose($"{address.Name}: entered.");
            }
            catch (PipelineStoppedException)
            {
                semaphore.Revert(plan.Operations);
                throw;
            }
        }
    }
}
