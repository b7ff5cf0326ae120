using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>What a parameter is in one of its parameter sets.</summary>
/// <param name="Flag">The bit of the set; 0 stands for all sets.</param>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its position; int.MinValue when it has none.</param>
/// <param name="FromPipeline">Whether it takes the objects of the pipeline.</param>
/// <param name="FromPipelineByName">Whether it takes a property of its name.</param>
public sealed record ParameterSetData(uint Flag, bool IsMandatory, int Position, bool FromPipeline, bool FromPipelineByName)
{
    /// <summary>Whether it is so in every set.</summary>
    public bool IsInAllSets => Flag == 0;

    internal bool IsIn(uint sets) => IsInAllSets || (Flag & sets) != 0;
}

/// <summary>What the attributes of a parameter say of all its sets.</summary>
[Flags]
public enum ParameterTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It needs no value.</summary>
    IsSwitch = 1,

    /// <summary>It takes the arguments that nothing else takes.</summary>
    TakesRemaining = 2,

    /// <summary>Validation refuses null.</summary>
    CannotBeNull = 4,

    /// <summary>Null is a value, also where it is mandatory.</summary>
    AllowsNull = 8,

    /// <summary>An empty string is a value, also where it is mandatory.</summary>
    AllowsEmptyString = 16,

    /// <summary>An empty collection is a value, also where it is mandatory.</summary>
    AllowsEmptyCollection = 32,
}

/// <summary>A parameter of a cmdlet, or one that all cmdlets have. What costs time is fetched when it is first needed.</summary>
public sealed class ParameterDescription
{
    private readonly ParameterTraits _traits;
    private readonly int _index;
    private CmdletSource _source = CommonParameters.Source;
    private ArgumentTransformationAttribute[]? _transformations;
    private ValidateArgumentsAttribute[]? _validations;

    /// <summary>Describes a parameter; the generated catalog does.</summary>
    /// <param name="index">By which its source knows it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="aliases">Its other names.</param>
    /// <param name="traits">What holds in all its sets.</param>
    /// <param name="sets">What it is in each of its sets.</param>
    public ParameterDescription(int index, string name, string[] aliases, ParameterTraits traits, ParameterSetData[] sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        (_index, Name, Aliases, _traits, Sets) = (index, name, aliases, traits, sets);
        foreach (ParameterSetData set in sets)
        {
            SetFlags |= set.Flag;
            IsInAllSets |= set.IsInAllSets;
            TakesPipeline |= set.FromPipeline || set.FromPipelineByName;
            IsMandatorySomewhere |= set.IsMandatory;
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its other names.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The type of its value.</summary>
    public Type Type => _source.TypeOf(_index);

    /// <summary>The type of the elements of an array; null for anything else.</summary>
    public Type? ElementType => _source.ElementTypeOf(_index);

    /// <summary>What it is in each of its sets.</summary>
    public IReadOnlyList<ParameterSetData> Sets { get; }

    /// <summary>Whether every cmdlet has it.</summary>
    public bool IsCommon => _source == CommonParameters.Source;

    /// <summary>Whether it needs no value.</summary>
    public bool IsSwitch => Has(ParameterTraits.IsSwitch);

    internal uint SetFlags { get; }

    internal bool IsInAllSets { get; }

    internal bool TakesPipeline { get; }

    internal bool TakesRemaining => Has(ParameterTraits.TakesRemaining);

    internal bool IsMandatorySomewhere { get; }

    internal bool CannotBeNull => Has(ParameterTraits.CannotBeNull);

    internal bool AllowsNull => Has(ParameterTraits.AllowsNull);

    internal bool AllowsEmptyString => Has(ParameterTraits.AllowsEmptyString);

    internal bool AllowsEmptyCollection => Has(ParameterTraits.AllowsEmptyCollection);

    internal ArgumentTransformationAttribute[] Transformations => _transformations ??= _source.TransformationsOf(_index);

    internal ValidateArgumentsAttribute[] Validations => _validations ??= _source.ValidationsOf(_index);

    internal bool IsIn(uint sets) => IsInAllSets || (SetFlags & sets) != 0;

    internal object? GetValue(object owner) => _source.Get(owner, _index);

    internal void SetValue(object owner, object? value) => _source.Set(owner, _index, value);

    internal void Attach(CmdletSource source) => _source = source;

    private bool Has(ParameterTraits trait) => (_traits & trait) != 0;
}
