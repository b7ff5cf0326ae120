using System;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Binding;

namespace PsIpc.Commands;

/// <summary>Asks for objects of any kinds, there or not: what Get-IpcObject lists and Watch-IpcObject watches is chosen by the same parameters.</summary>
public abstract class ObjectQueryCommand : ObjectFilterCommand
{
    private WildcardPattern[]? _owners;

    /// <summary>Names: of POSIX objects /name, of System V objects 0x%08x, of files their path; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = AddressSets.Name)]
    [SupportsWildcards]
    [ValidateWildcard]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ObjectNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Keys of System V objects.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SysVKeyCompleter))]
    public IpcKey[]? Key { get; set; }

    /// <summary>Ids of System V objects; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ValidateRange(0, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SysVIdCompleter))]
    public int[]? Id { get; set; }

    /// <summary>Directories, below which FIFOs and sockets are looked for, or such files themselves; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>The same, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.LiteralPath)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The kinds that are meant: those of System V and POSIX unless said otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IpcKind[]? Kind { get; set; }

    /// <summary>Only objects of these owners, by name or number; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateWildcard]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    public string[]? Owner { get; set; }

    /// <summary>Whether an object is one of those of -Owner; each is when nobody is named.</summary>
    private protected bool IsOwned(IpcObject subject)
    {
        if (Owner is null)
        {
            return true;
        }

        _owners ??= Array.ConvertAll(Owner, owner => new WildcardPattern(owner, WildcardOptions.None));
        return Array.Exists(_owners, owner => owner.IsMatch(subject.Owner) || (subject.OwnerUid is { } uid && owner.IsMatch(uid.ToString(CultureInfo.InvariantCulture))));
    }
}
