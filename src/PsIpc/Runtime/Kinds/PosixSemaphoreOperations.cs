using System.Collections.Generic;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;

namespace PsIpc.Runtime.Kinds;

/// <summary>Named POSIX semaphores.</summary>
internal sealed class PosixSemaphoreOperations : FileObjectOperations
{
    internal override IpcKind Kind => IpcKind.PosixSemaphore;

    internal override string DisplayName => "POSIX semaphore";

    internal override HolderSource Holders => HolderSource.DescriptorsAndMappings;

    private protected override string RemovalCall => "sem_unlink";

    internal static PosixSemaphore Describe(InventoryContext context, PosixSharedMemoryStatus status)
    {
        PosixSemaphore semaphore = new()
        {
            Name = status.Name,
            Path = status.Path,
            Owner = context.Accounts.UserName(status.Uid),
            Group = context.Accounts.GroupName(status.Gid),
            OwnerUid = status.Uid,
            OwnerGid = status.Gid,
            Mode = PermissionMode.Format(status.Mode),
            Device = status.Device,
            Inode = status.Inode,
            Value = status.Value,
            Waiters = status.Waiters,
            ModifyTime = status.ModifyTime.LocalDateTime,
            ChangeTime = status.ChangeTime.LocalDateTime,
        };
        return Seen(semaphore, context);
    }

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        foreach (PosixSharedMemoryStatus status in PosixSharedMemoryDirectory.Enumerate(context.SharedMemoryDirectory))
        {
            if (status.IsSemaphore)
            {
                yield return Describe(context, status);
            }
        }
    }

    internal override IpcObject? FindByName(InventoryContext context, string name) =>
        PosixMessageQueueName.Check(name) == PosixNameFault.None // the same rules, but for four bytes
        && PosixSharedMemoryDirectory.TryGetSemaphore(name, context.SharedMemoryDirectory) is { } status
            ? Describe(context, status)
            : null;

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindByName(context, record.Name);

    /// <summary>The number of waiters is what a process wrote there, and stays when it is killed: holders alone count.</summary>
    internal override string OrphanStateWithoutAnyHolder(IpcObject subject) => OrphanStates.Yes;

    internal override bool? HasOpeners(IpcObject subject) =>
        FileOpeners.Any(((PosixSemaphore)subject).Path, (subject.Device ?? 0, subject.Inode ?? 0));

    private protected override string PathOf(IpcObject subject) => PosixSharedMemoryDirectory.PathOfSemaphore(subject.Name);
}
