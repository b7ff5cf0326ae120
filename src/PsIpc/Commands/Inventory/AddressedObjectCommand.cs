using System.Collections.Generic;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Works on objects that are given as records, or by kind and name, key or id.</summary>
public abstract class AddressedObjectCommand : KindAddressCommand
{
    /// <summary>The objects, as Get-IpcObject emits them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Object)]
    [IpcRecordTransformation]
    [ValidateNotNullOrEmpty]
    public IpcObject[] InputObject { get; set; } = [];

    /// <summary>What the current input addresses: records as they were given, others as they are found now.</summary>
    private protected IEnumerable<IpcObject> Addressed(InventoryContext context) => FindAddressed(context) ?? InputObject;
}
