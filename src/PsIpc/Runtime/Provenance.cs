using System.Runtime.CompilerServices;
using System.Threading;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>Makes sure that a record is of an object of this boot, this machine and this namespace. Nothing overrides that.</summary>
internal static class Provenance
{
    /// <summary>The namespace that a thread was in when it was last asked for; goes with the thread.</summary>
    private static readonly ConditionalWeakTable<Thread, ThreadNamespace> Remembered = [];

    /// <summary>For commands that remove or change objects: asks the kernel.</summary>
    /// <exception cref="ForeignObjectException">It is not.</exception>
    internal static void Check(IpcObject record) => Check(record, new ThreadNamespace());

    /// <summary>The same, as an answer.</summary>
    internal static bool IsHere(IpcObject record) => record.BootId == HostIdentity.BootId && new ThreadNamespace().IsOf(record);

    /// <summary>
    /// For commands that run once a message: to ask the kernel costs as much as three messages, so its last answer to this thread will
    /// do where it fits. A thread's namespace changes only when that thread itself calls setns(2) or unshare(2), which PowerShell
    /// never does, and this module only on threads of its own.
    /// </summary>
    /// <exception cref="ForeignObjectException">It is not.</exception>
    internal static void CheckQuickly(IpcObject record)
    {
        ThreadNamespace here = Remembered.GetValue(Thread.CurrentThread, _ => new ThreadNamespace());
        if (!here.IsOf(record))
        {
            here = new ThreadNamespace();
            Remembered.AddOrUpdate(Thread.CurrentThread, here);
        }

        Check(record, here);
    }

    private static void Check(IpcObject record, ThreadNamespace here)
    {
        if (record.BootId != HostIdentity.BootId)
        {
            throw new ForeignObjectException("on another machine, or before this one was started anew");
        }

        if (!here.IsOf(record))
        {
            throw new ForeignObjectException("in another IPC namespace");
        }
    }

    /// <summary>The IPC namespace of the thread that makes it.</summary>
    private sealed class ThreadNamespace
    {
        private readonly long _inode = HostIdentity.IpcNamespace;
        private readonly ulong? _id = HostIdentity.IpcNamespaceId;

        /// <summary>
        /// Whether a record is of this namespace. Numbers of inodes are given again; what is not is only known where both the kernel that the record
        /// was made by and this one tell it.
        /// </summary>
        internal bool IsOf(IpcObject record) => record.IpcNamespace == _inode && (record.IpcNamespaceId is null || _id is null || record.IpcNamespaceId == _id);
    }
}
