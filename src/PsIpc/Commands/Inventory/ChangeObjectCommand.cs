using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>
/// Changes objects one by one: each only when it is of this boot and namespace and still the very object that the record
/// describes. One that cannot be changed never stops the others.
/// </summary>
public abstract class ChangeObjectCommand : AddressedObjectCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        InventoryContext context = new();
        foreach (IpcObject record in Addressed(context))
        {
            string name = DisplayNameOf(record);
            try
            {
                Provenance.Check(record);
                if (Recheck(context, record, name) is { } subject)
                {
                    Change(context, subject, name);
                }
            }
            catch (ForeignObjectException e)
            {
                WriteError(e.ToErrorRecord(record, name));
            }
            catch (IpcException e)
            {
                WriteFailure(e, record, name, ("who", Owners.Of(e, record)), ("maximum", RequestedMaxBytes));
            }
        }
    }

    /// <summary>The room that was asked for, for sentences.</summary>
    private protected virtual long? RequestedMaxBytes => null;

    /// <summary>Changes an object that was looked at just now.</summary>
    private protected abstract void Change(InventoryContext context, IpcObject subject, string name);

    /// <summary>The object as it is now; null, with an error, when it is not the one of the record.</summary>
    private protected IpcObject? Recheck(InventoryContext context, IpcObject record, string name)
    {
        KindOperations operations = AllKinds.Of(record);
        IpcObject? now = operations.Refresh(context, record);
        if (now is null)
        {
            WriteError(Failure.Of("ObjectNotFound", ErrorCategory.ObjectNotFound, record, ("target", name)));
            return null;
        }

        if (!operations.IsSame(record, now))
        {
            WriteError(Failure.Of("ObjectReplaced", ErrorCategory.InvalidOperation, record, ("target", name)));
            return null;
        }

        return now;
    }
}
