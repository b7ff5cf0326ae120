using System;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Removes IPC objects: IPC_RMID of msgctl(2), shmctl(2) and semctl(2), mq_unlink(3), shm_unlink(3), sem_unlink(3), unlink(2).</summary>
[Cmdlet(VerbsCommon.Remove, "IpcObject", DefaultParameterSetName = AddressSets.Object,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveIpcObjectCommand : ChangeObjectCommand
{
    private const int MostHolders = 5;

    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>
    /// Removes only what provably nobody needs any more. What is in use is passed over; where it cannot be known, it is
    /// an error, or removed with -Force.
    /// </summary>
    [Parameter]
    public SwitchParameter Orphaned { get; set; }

    /// <summary>Does not ask before an object is removed that others have open.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Change(InventoryContext context, IpcObject subject, string name)
    {
        if (Orphaned || !Force)
        {
            HolderSearch.Fill([subject], context);
        }

        if ((Orphaned && !IsRemovableOrphan(subject, name)) || !IsRemovable(subject, name))
        {
            return;
        }

        if (!ShouldProcess(name, "Remove") || !MayRemoveHeld(subject, name))
        {
            return;
        }

        // The prompt may have been open for long. For an object with a name, whoever replaces it from here on still loses it.
        if (Recheck(context, subject, name) is not { } now || !IsRemovable(now, name))
        {
            return;
        }

        if (Orphaned)
        {
            HolderSearch.Fill([now], context);
            if (!IsRemovableOrphan(now, name))
            {
                return;
            }
        }

        AllKinds.Of(now).Remove(now);
    }

    private bool IsRemovable(IpcObject subject, string name)
    {
        if (AllKinds.Of(subject).RefusalToRemove(subject) is { } refusal)
        {
            WriteError(Failure.Of(refusal, refusal == "SocketInUse" ? ErrorCategory.ResourceBusy : ErrorCategory.InvalidOperation, subject, ("target", name)));
            return false;
        }

        return true;
    }

    private bool IsRemovableOrphan(IpcObject subject, string name)
    {
        switch (subject.OrphanState)
        {
            case OrphanStates.Yes:
                return true;
            case OrphanStates.No:
                WriteVerbose($"{name}: in use, not removed.");
                return false;
            default:
                if (!Force)
                {
                    WriteError(Failure.Of("OrphanStateUnknown", ErrorCategory.InvalidOperation, subject, ("target", name)));
                }

                return Force;
        }
    }

    private bool MayRemoveHeld(IpcObject subject, string name)
    {
        if (Force || subject.Holders is not { Length: > 0 } holders)
        {
            return true;
        }

        string who = string.Join(", ", holders.Select(NameOf).Distinct().Take(MostHolders));
        string question = Sentences.Format("HeldPrompt", ("target", name), ("holders", who));
        if (AskToContinue(question, Sentences.Format("HeldCaption"), ref _yesToAll, ref _noToAll) is { } answer)
        {
            return answer;
        }

        WriteError(Failure.Of("ObjectInUse", ErrorCategory.ResourceBusy, subject, ("target", name), ("holders", who)));
        return false;
    }

    /// <summary>A listener or a handle of this very session is easily forgotten: the user learns that nobody else is meant.</summary>
    private static string NameOf(IpcHolder holder) =>
        holder.ProcessId == Environment.ProcessId ? Sentences.Format("HeldByThisSession", ("process", holder)) : holder.ToString();
}
