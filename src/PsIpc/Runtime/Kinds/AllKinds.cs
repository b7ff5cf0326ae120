using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Runtime.Kinds;

/// <summary>Every kind that the Ipc cmdlets know, in the order in which they are listed.</summary>
internal static class AllKinds
{
    internal static IReadOnlyList<KindOperations> Operations { get; } =
    [
        new SysVMessageQueueOperations(),
        new SysVSharedMemoryOperations(),
        new SysVSemaphoreOperations(),
        new PosixMessageQueueOperations(),
        new PosixSharedMemoryOperations(),
        new PosixSemaphoreOperations(),
        new FifoOperations(),
        new PipeOperations(),
        new UnixSocketOperations(),
        new FileLockOperations(),
        new FileMappingOperations(),
    ];

    /// <summary>The kinds that are listed when none is asked for.</summary>
    internal static IReadOnlyList<KindOperations> ListedUnasked { get; } = SelectListedUnasked();

    /// <summary>Without LINQ, which psipc would have to load for this alone.</summary>
    private static List<KindOperations> SelectListedUnasked()
    {
        List<KindOperations> listed = [];
        foreach (KindOperations one in Operations)
        {
            if (one.IsListedUnasked)
            {
                listed.Add(one);
            }
        }

        return listed;
    }

    internal static KindOperations Of(IpcKind kind) => Operations.First(operations => operations.Kind == kind);

    internal static KindOperations Of(IpcObject subject) => Operations.First(operations => operations.Kind.ToString() == subject.Kind);
}
