using System.Collections.Generic;
using PsIpc.Native.Posix;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>Named POSIX semaphores.</summary>
internal sealed class PosixSemaphoreOperations : SharedMemoryFileOperations
{
    internal override IpcKind Kind => IpcKind.PosixSemaphore;

    internal override string DisplayName => "POSIX semaphore";

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [.. WatchedProperty.Ownership, new("Value", one => ((PosixSemaphore)one).Value)];

    private protected override string RemovalCall => "sem_unlink";

    private protected override bool IsOfKind(PosixSharedMemoryStatus status) => status.IsSemaphore;

    private protected override PosixSharedMemoryStatus? TryGet(string name, string directory) =>
        PosixSharedMemoryDirectory.TryGetSemaphore(name, directory);

    private protected override IpcObject Describe(PosixSharedMemoryStatus status) => new PosixSemaphore
    {
        Path = status.Path,
        Value = status.Value,
        Waiters = status.Waiters,
        ModifyTime = status.ModifyTime.UtcDateTime,
        ChangeTime = status.ChangeTime.UtcDateTime,
    };

    private protected override string FileOf(IpcObject subject) => ((PosixSemaphore)subject).Path;

    private protected override string PathOf(IpcObject subject) => PosixSharedMemoryDirectory.PathOfSemaphore(subject.Name);

    internal override WaitCondition[] Conditions => [WaitCondition.Readable, WaitCondition.Zero, WaitCondition.Gone];

    internal override ReadinessSource OpenReadiness(IpcObject subject, WaitRequest request)
    {
        if (request.Condition == WaitCondition.Gone)
        {
            return base.OpenReadiness(subject, request);
        }

        PosixSemaphoreReadiness source = PosixSemaphoreReadiness.Open(subject.Name, request.Condition);
        return Same(subject, source, source.Identity);
    }
}
