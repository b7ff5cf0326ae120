using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>What all objects of one listing share: where they were seen, and the names of their owners.</summary>
internal sealed class InventoryContext
{
    internal Accounts Accounts { get; } = new();

    internal string BootId { get; } = HostIdentity.BootId;

    internal long IpcNamespace { get; } = HostIdentity.IpcNamespace;
}
