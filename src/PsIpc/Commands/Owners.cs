using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Whose permission it would have taken, for sentences.</summary>
internal static class Owners
{
    /// <summary>" (the owner is root)" where a permission was missing and the owner can be seen; else nothing.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="address">What the user gave: a record, a key, an id or a name.</param>
    /// <param name="sysV">The kind that a key or an id is of.</param>
    /// <param name="posix">The kind that a name is of.</param>
    internal static string Of(
        IpcException failure, object? address, IpcKind sysV = IpcKind.SysVMessageQueue, IpcKind posix = IpcKind.PosixMessageQueue)
    {
        if (failure.Errno is not (Errno.EACCES or Errno.EPERM))
        {
            return "";
        }

        try
        {
            IpcObject? subject = address switch
            {
                IpcObject record => record,
                IpcKey key => AllKinds.Of(sysV).FindByKey(new InventoryContext(), key),
                int id => AllKinds.Of(sysV).FindById(new InventoryContext(), id),
                string name => AllKinds.Of(posix).FindByName(new InventoryContext(), name),
                _ => null,
            };
            return subject is { Owner.Length: > 0 } ? $" (the owner is {subject.Owner})" : "";
        }
        catch (IpcException)
        {
            return ""; // it may not even be looked at
        }
    }
}
