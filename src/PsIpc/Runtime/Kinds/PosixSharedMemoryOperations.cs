using System.Collections.Generic;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;

namespace PsIpc.Runtime.Kinds;

/// <summary>POSIX shared memory objects.</summary>
internal sealed class PosixSharedMemoryOperations : FileObjectOperations
{
    internal override IpcKind Kind => IpcKind.PosixSharedMemory;

    internal override string DisplayName => "POSIX shared memory object";

    internal override HolderSource Holders => HolderSource.DescriptorsAndMappings;

    private protected override string RemovalCall => "shm_unlink";

    internal static PosixSharedMemory Describe(InventoryContext context, PosixSharedMemoryStatus status) => Seen(
        new PosixSharedMemory
        {
            Name = status.Name,
            Path = status.Path,
            Owner = context.Accounts.UserName(status.Uid),
            Group = context.Accounts.GroupName(status.Gid),
            OwnerUid = status.Uid,
            OwnerGid = status.Gid,
            Mode = PermissionMode.Format(status.Mode),
            Size = status.Size,
            AllocatedBytes = status.AllocatedBytes,
            Device = status.Device,
            Inode = status.Inode,
            ModifyTime = status.ModifyTime.LocalDateTime,
            ChangeTime = status.ChangeTime.LocalDateTime,
        },
        context);

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (PosixSharedMemoryStatus status in PosixSharedMemoryDirectory.Enumerate(context.SharedMemoryDirectory))
        {
            if (!status.IsSemaphore)
            {
                yield return Describe(context, status);
            }
        }
    }

    internal override IpcObject? FindByName(InventoryContext context, string name) =>
        PosixMessageQueueName.Check(name) == PosixNameFault.None // the same rules
        && PosixSharedMemoryDirectory.TryGetMemory(name, context.SharedMemoryDirectory) is { } status
            ? Describe(context, status)
            : null;

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindByName(context, record.Name);

    internal override string OrphanStateWithoutAnyHolder(IpcObject subject) => OrphanStates.Yes;

    internal override bool? HasOpeners(IpcObject subject) =>
        FileOpeners.Any(((PosixSharedMemory)subject).Path, (subject.Device ?? 0, subject.Inode ?? 0));

    private protected override string PathOf(IpcObject subject) => PosixSharedMemoryDirectory.PathOfMemory(subject.Name);
}
