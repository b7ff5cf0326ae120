using System.Collections.Generic;
using PsIpc.Native.Posix;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>POSIX shared memory objects.</summary>
internal sealed class PosixSharedMemoryOperations : SharedMemoryFileOperations
{
    internal override IpcKind Kind => IpcKind.PosixSharedMemory;

    internal override string DisplayName => "POSIX shared memory object";

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [.. WatchedProperty.Ownership, new("Size", one => one.Size)];

    private protected override string RemovalCall => "shm_unlink";

    private protected override bool IsOfKind(PosixSharedMemoryStatus status) => !status.IsSemaphore;

    private protected override PosixSharedMemoryStatus? TryGet(string name, string directory) =>
        PosixSharedMemoryDirectory.TryGetMemory(name, directory);

    private protected override IpcObject Describe(PosixSharedMemoryStatus status) => new PosixSharedMemory
    {
        Path = status.Path,
        Size = status.Size,
        AllocatedBytes = status.AllocatedBytes,
        ModifyTime = status.ModifyTime.UtcDateTime,
        ChangeTime = status.ChangeTime.UtcDateTime,
    };

    private protected override string FileOf(IpcObject subject) => ((PosixSharedMemory)subject).Path;

    private protected override string PathOf(IpcObject subject) => PosixSharedMemoryDirectory.PathOfMemory(subject.Name);

    internal override WaitCondition[] Conditions => [WaitCondition.Gone];

    internal override WaitCondition DefaultCondition => WaitCondition.Gone;
}
