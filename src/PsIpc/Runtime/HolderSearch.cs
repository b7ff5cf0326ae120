using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime;

/// <summary>Finds who holds objects, all of them in one pass over /proc, and what that says of their being orphaned.</summary>
internal static class HolderSearch
{
    private const string Complete = "Complete";
    private const string Partial = "Partial";

    /// <summary>Fills in holders, attribution and orphan state.</summary>
    internal static void Fill(IReadOnlyList<IpcObject> objects, Accounts accounts)
    {
        List<IpcObject> withOpeners = [.. objects.Where(subject => AllKinds.Of(subject).HasOpeners && subject.Inode is not null)];
        if (withOpeners.Count == 0)
        {
            return;
        }

        OpenFileScan scan = OpenFileScan.Run(withOpeners.Select(subject => (subject.Device ?? 0, subject.Inode ?? 0)));
        foreach (IpcObject subject in withOpeners)
        {
            subject.Holders =
            [
                .. scan.HoldersOf(subject.Device ?? 0, subject.Inode ?? 0).Select(holder => new IpcHolder
                {
                    ProcessId = holder.ProcessId,
                    ProcessName = holder.ProcessName,
                    User = accounts.UserName(holder.Uid),
                    Descriptor = holder.Descriptor,
                }),
            ];
            subject.Attribution = scan.IsComplete ? Complete : Partial;
            string state = AllKinds.Of(subject).OrphanStateWithoutHolders(subject);
            subject.OrphanState = subject.Holders.Length > 0 || state == OrphanStates.No ? OrphanStates.No
                : scan.IsComplete && subject.Size is not null ? OrphanStates.Yes // null: what is in it may not be seen
                : OrphanStates.Unknown;
        }
    }
}
