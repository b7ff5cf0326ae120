using PsIpc.Native;
using PsIpc.Runtime;

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
                if (FindNow(context, record) is { } subject)
                {
                    Change(context, subject, name);
                }
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
}
