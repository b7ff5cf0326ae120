using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Runtime;

/// <summary>What an object is to be waited for to become.</summary>
/// <param name="Condition">What.</param>
/// <param name="Indexes">Which semaphores of a System V set.</param>
/// <param name="Tables">What objects that are waited for together share.</param>
internal sealed record WaitRequest(WaitCondition Condition, int[] Indexes, WaitTables Tables);

/// <summary>The kernel's tables, each read once a look for all objects that are waited for together.</summary>
internal sealed class WaitTables
{
    internal SharedTable<FileLockStatus> Locks { get; } = new(new FileLockReader().Read);

    internal SharedTable<UnixSocketStatus> Sockets { get; } = new(UnixSocketTable.Read);
}
