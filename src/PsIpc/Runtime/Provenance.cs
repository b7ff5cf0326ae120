using System.Runtime.CompilerServices;
using System.Threading;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>Makes sure that a record is of an object of this boot, this machine and this namespace. Nothing overrides that.</summary>
internal static class Provenance
{
    /// <summary>The namespace that a thread was in when it was last asked for; goes with the thread.</summary>
    private static readonly ConditionalWeakTable<Thread, StrongBox<long>> Remembered = [];

    /// <summary>For commands that remove or change objects: asks the kernel.</summary>
    /// <exception cref="ForeignObjectException">It is not.</exception>
    internal static void Check(IpcObject record) => Check(record, HostIdentity.IpcNamespace);

    /// <summary>
    /// For commands that run once a message: to ask the kernel costs as much as three messages, so its last answer to this thread will
    /// do where it fits. A thread's namespace changes only when that thread itself calls setns(2) or unshare(2), which PowerShell
    /// never does, and this module only on threads of its own.
    /// </summary>
    /// <exception cref="ForeignObjectException">It is not.</exception>
    internal static void CheckQuickly(IpcObject record)
    {
        StrongBox<long> remembered = Remembered.GetValue(Thread.CurrentThread, _ => new StrongBox<long>());
        if (record.IpcNamespace != remembered.Value)
        {
            remembered.Value = HostIdentity.IpcNamespace;
        }

        Check(record, remembered.Value);
    }

    private static void Check(IpcObject record, long here)
    {
        if (record.BootId != HostIdentity.BootId)
        {
            throw new ForeignObjectException("on another machine, or before this one was started anew");
        }

        if (record.IpcNamespace != here)
        {
            throw new ForeignObjectException("in another IPC namespace");
        }
    }
}
