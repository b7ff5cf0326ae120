using System.Collections.Generic;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Works on objects that are there, by kind and name, key or id; what they are given as besides is for each cmdlet to say.</summary>
public abstract class KindAddressCommand : ObjectFilterCommand
{
    /// <summary>The kind of the objects.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Name)]
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    public IpcKind? Kind { get; set; }

    /// <summary>Names: of POSIX objects /name, of System V objects 0x%08x; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Name)]
    [SupportsWildcards]
    [ValidateWildcard]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ObjectNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Keys of System V objects.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SysVKeyCompleter))]
    public IpcKey[] Key { get; set; } = [];

    /// <summary>Ids of System V objects; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ValidateRange(0, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SysVIdCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>What kind and name, key or id address, as it is found now; null when it is addressed in another way.</summary>
    private protected IEnumerable<IpcObject>? FindAddressed(InventoryContext context)
    {
        IpcKind[] kinds = Kind is { } kind ? [kind] : [];
        return ParameterSetName switch
        {
            AddressSets.Name => FindByName(context, kinds, Name),
            AddressSets.Key => FindByKey(context, kinds, Key),
            AddressSets.Id => FindById(context, kinds, Id),
            _ => null,
        };
    }
}
