using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Tells whether an IPC object exists.</summary>
[Cmdlet(VerbsDiagnostic.Test, "IpcObject", DefaultParameterSetName = AddressSets.Object)]
[OutputType(typeof(bool))]
public sealed class TestIpcObjectCommand : IpcCommand
{
    /// <summary>A record; true as long as the very object that it describes exists.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Object)]
    [IpcRecordTransformation]
    [ValidateNotNull]
    public IpcObject? InputObject { get; set; }

    /// <summary>The kind of the object: any unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Name)]
    [Parameter(ParameterSetName = AddressSets.Key)]
    [Parameter(ParameterSetName = AddressSets.Id)]
    public IpcKind? Kind { get; set; }

    /// <summary>Its name: of a POSIX object /name, of a System V object 0x%08x; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Name)]
    [SupportsWildcards]
    [ValidateWildcard]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ObjectNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Its key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ArgumentCompleter(typeof(SysVKeyCompleter))]
    public IpcKey Key { get; set; }

    /// <summary>Its id; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ValidateRange(0, int.MaxValue)]
    [ArgumentCompleter(typeof(SysVIdCompleter))]
    public int Id { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        InventoryContext context = new();
        try
        {
            WriteObject(InputObject is not null ? Exists(context, InputObject) : AllKinds.Operations.Where(IsWanted).Any(one => Exists(context, one)));
        }
        catch (IpcException e)
        {
            WriteFailure(e, (object?)InputObject ?? Address, InputObject is null ? $"IPC object {Address}" : WaitTarget.NameOf(InputObject));
        }
    }

    private object Address => ParameterSetName switch
    {
        AddressSets.Key => Key,
        AddressSets.Id => Id,
        _ => Name,
    };

    private bool IsWanted(KindOperations operations) => Kind is null ? operations.IsListedUnasked : operations.Kind == Kind;

    private static bool Exists(InventoryContext context, IpcObject record) =>
        Provenance.IsHere(record)
        && AllKinds.Of(record) is var operations
        && operations.Refresh(context, record) is { } now && operations.IsSame(record, now);

    private bool Exists(InventoryContext context, KindOperations operations) => ParameterSetName switch
    {
        AddressSets.Key => operations.FindByKey(context, Key) is not null,
        AddressSets.Id => operations.FindById(context, Id) is not null,
        _ when ObjectFilterCommand.IsPattern(Name) => operations.Enumerate(context).Any(
            subject => new WildcardPattern(Name, WildcardOptions.None).IsMatch(subject.Name) || subject.Name == Name), // pipe:[123] is a name, too
        _ => operations.HasName(context, WildcardPattern.Unescape(Name), ResolveNewPath),
    };
}
