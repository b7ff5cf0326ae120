using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Native.Waiting;

namespace PsIpc.Runtime.Kinds;

/// <summary>What shared memory objects and semaphores have in common: files in /dev/shm, held by who has them open or mapped.</summary>
internal abstract class SharedMemoryFileOperations : FileObjectOperations
{
    internal sealed override HolderSource Holders => HolderSource.DescriptorsAndMappings;

    /// <summary>Whether a file of the directory is of the kind.</summary>
    private protected abstract bool IsOfKind(PosixSharedMemoryStatus status);

    /// <summary>The file of a name; null when there is none.</summary>
    private protected abstract PosixSharedMemoryStatus? TryGet(string name, string directory);

    /// <summary>The record of a file of the kind.</summary>
    private protected abstract IpcObject Describe(PosixSharedMemoryStatus status);

    /// <summary>Where a record's file was seen: of another namespace's object, below the root of a process in it.</summary>
    private protected abstract string FileOf(IpcObject subject);

    internal sealed override IEnumerable<IpcObject> Enumerate(InventoryContext context) =>
        PosixSharedMemoryDirectory.Enumerate(context.SharedMemoryDirectory).Where(IsOfKind).Select(status => Describe(context, status));

    internal sealed override IpcObject? FindByName(InventoryContext context, string name) =>
        PosixName.Check(name) == PosixNameFault.None && TryGet(name, context.SharedMemoryDirectory) is { } status ? Describe(context, status) : null;

    internal sealed override IpcObject? Refresh(InventoryContext context, IpcObject record) => FindByName(context, record.Name);

    /// <summary>Nobody has it open or mapped. What a semaphore says of its waiters one of them wrote there, and it stays when he is killed.</summary>
    internal sealed override string OrphanStateWithoutAnyHolder(IpcObject subject) => OrphanStates.Yes;

    internal sealed override bool? HasOpeners(IpcObject subject) => FileOpeners.Any(FileOf(subject), IdentityOf(subject));

    internal IpcObject Describe(InventoryContext context, PosixSharedMemoryStatus status)
    {
        IpcObject record = Describe(status);
        record.Name = status.Name;
        record.Device = status.Device;
        record.Inode = status.Inode;
        return Seen(OwnedBy(record, context, status.Uid, status.Gid, status.Mode), context);
    }

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request)
    {
        FileReadiness source = FileReadiness.Open(FileOf(subject));
        return Same(subject, source, source.Identity);
    }
}
