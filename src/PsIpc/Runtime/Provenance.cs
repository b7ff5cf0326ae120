using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>Makes sure that a record is of an object of this boot, this machine and this namespace. Nothing overrides that.</summary>
internal static class Provenance
{
    /// <exception cref="ForeignObjectException">It is not.</exception>
    internal static void Check(IpcObject record)
    {
        if (record.BootId != HostIdentity.BootId)
        {
            throw new ForeignObjectException("on another machine, or before this one was started anew");
        }

        if (record.IpcNamespace != HostIdentity.IpcNamespace)
        {
            throw new ForeignObjectException("in another IPC namespace");
        }
    }
}
