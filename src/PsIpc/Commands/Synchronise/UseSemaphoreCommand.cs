using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Runs a script block or a program between taking from a semaphore and giving back.</summary>
[Cmdlet(VerbsOther.Use, "Semaphore", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(object))]
public sealed class UseSemaphoreCommand : TakeSemaphoreCommand
{
    /// <summary>What to run, in the caller's scope.</summary>
    [Parameter(Position = 1)]
    [ScriptBlockTransformation]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The program to run instead of a script block: a path, or a name that is looked for in PATH.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProgramCompleter))]
    public string? FilePath { get; set; }

    /// <summary>The program's arguments, each as it is: no shell reads them.</summary>
    [Parameter]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? ArgumentList { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SemaphoreAddress address = Address;
        GuardedWork work = GuardedWork.Of(this, ScriptBlock, FilePath, ArgumentList, () => ResolveNewPath("."));
        (OpenSemaphore semaphore, SemaphorePlan plan) = Take(address);
        using (semaphore)
        {
            try
            {
                work.Run(Waiter);
            }
            finally
            {
                GiveBack(semaphore, plan, address);
            }
        }
    }

    private void GiveBack(OpenSemaphore semaphore, SemaphorePlan plan, in SemaphoreAddress address)
    {
        try
        {
            semaphore.Revert(plan.Operations);
        }
        catch (IpcException e)
        {
            try
            {
                WriteError(Failed(e, address)); // it was removed meanwhile
            }
            catch (PipelineStoppedException)
            {
                // The stop itself is what the caller hears of.
            }
        }
    }
}
