using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>Pipes without a name.</summary>
internal sealed class PipeOperations : KindOperations
{
    internal override IpcKind Kind => IpcKind.Pipe;

    internal override string DisplayName => "pipe";

    internal override bool IsListedUnasked => false;

    internal override bool KnowsHolders => true;

    internal override bool HasOwner(IpcObject subject) => false;

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            new("Readers", one => ObjectComparer.ProcessesOf(((Pipe)one).Readers)),
            new("Writers", one => ObjectComparer.ProcessesOf(((Pipe)one).Writers)),
        ];

    internal override string? RefusalToRemove(IpcObject subject) => "PipeNotRemovable";

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        context.Prepare(Kind);
        foreach (IGrouping<(ulong Device, ulong Inode), OpenFile> pipe in context.Scan.OpenFiles
            .Where(one => one.IsPipe).GroupBy(one => (one.Device, one.Inode)))
        {
            OpenFile first = pipe.First();
            yield return Seen(
                new Pipe
                {
                    Name = first.Link ?? "",
                    Owner = context.Accounts.UserName(first.Uid),
                    Group = context.Accounts.GroupName(first.Gid),
                    OwnerUid = first.Uid,
                    OwnerGid = first.Gid,
                    Mode = PermissionMode.Format(first.Mode),
                    Device = pipe.Key.Device,
                    Inode = pipe.Key.Inode,
                    Holders = [.. pipe.Select(one => HolderSearch.Describe(context.Scan, context.Accounts, one.ProcessId, one.Descriptor, one.Access))],
                    Attribution = HolderSearch.AttributionOf(context.Scan),
                    OrphanState = OrphanStates.No, // it goes with the last who has it open
                },
                context);
        }
    }

    internal override IpcObject? FindByName(InventoryContext context, string name) => Enumerate(context).FirstOrDefault(one => one.Name == name);

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindByName(context, record.Name);

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first.Kind == second.Kind && first.Device == second.Device && first.Inode == second.Inode;

    internal override string RefusalToWait => "PipeNotOpen";
}
