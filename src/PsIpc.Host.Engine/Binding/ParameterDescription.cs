using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Reflection;
using AllowNullAttribute = System.Management.Automation.AllowNullAttribute;

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

/// <summary>A parameter of a cmdlet, or one that all cmdlets have.</summary>
public sealed class ParameterDescription
{
    private readonly PropertyInfo? _property;
    private Accessor? _accessor;

    /// <summary>Describes a parameter that every cmdlet has, in all its sets.</summary>
    internal ParameterDescription(string name, string alias, Type type, Accessor accessor)
    {
        _accessor = accessor;
        Name = name;
        Type = type;
        IsCommon = true;
        IsInAllSets = true;
        Aliases = [alias];
        Sets = [new ParameterSetData(0, IsMandatory: false, int.MinValue, FromPipeline: false, FromPipelineByName: false)];
        Transformations = [];
        Validations = [];
    }

    private ParameterDescription(PropertyInfo property, object[] attributes, CmdletDescription owner)
    {
        _property = property;
        Name = property.Name;
        Type = property.PropertyType;
        List<ParameterSetData> sets = [];
        List<ArgumentTransformationAttribute> transformations = [];
        List<ValidateArgumentsAttribute> validations = [];
        foreach (object attribute in attributes)
        {
            switch (attribute)
            {
                case ParameterAttribute one:
                    uint flag = one.ParameterSetName == ParameterAttribute.AllParameterSets ? 0 : owner.FlagOf(one.ParameterSetName);
                    sets.Add(new ParameterSetData(flag, one.Mandatory, one.Position, one.ValueFromPipeline, one.ValueFromPipelineByPropertyName));
                    SetFlags |= flag;
                    IsInAllSets |= flag == 0;
                    TakesPipeline |= one.ValueFromPipeline || one.ValueFromPipelineByPropertyName;
                    IsMandatorySomewhere |= one.Mandatory;
                    TakesRemaining |= one.ValueFromRemainingArguments;
                    break;
                case AliasAttribute alias:
                    Aliases = [.. alias.AliasNames];
                    break;
                case ArgumentTransformationAttribute transformation:
                    transformations.Add(transformation);
                    break;
                case ValidateArgumentsAttribute validation:
                    validations.Add(validation);
                    CannotBeNull |= validation is ValidateNotNullAttribute;
                    break;
                case AllowNullAttribute:
                    AllowsNull = true;
                    break;
                case AllowEmptyStringAttribute:
                    AllowsEmptyString = true;
                    break;
                case AllowEmptyCollectionAttribute:
                    AllowsEmptyCollection = true;
                    break;
            }
        }

        Sets = [.. sets];
        Transformations = [.. transformations];
        Validations = [.. validations];
        ElementType = Type.IsArray ? Type.GetElementType() : null;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its other names.</summary>
    public IReadOnlyList<string> Aliases { get; } = [];

    /// <summary>The type of its value.</summary>
    public Type Type { get; }

    /// <summary>The type of the elements of an array; null for anything else.</summary>
    public Type? ElementType { get; }

    /// <summary>What it is in each of its sets.</summary>
    public IReadOnlyList<ParameterSetData> Sets { get; }

    /// <summary>Whether every cmdlet has it.</summary>
    public bool IsCommon { get; }

    /// <summary>Whether it needs no value.</summary>
    public bool IsSwitch => Type == typeof(SwitchParameter);

    internal uint SetFlags { get; }

    internal bool IsInAllSets { get; }

    internal bool TakesPipeline { get; }

    internal bool TakesRemaining { get; }

    internal bool IsMandatorySomewhere { get; }

    internal bool CannotBeNull { get; }

    internal bool AllowsNull { get; }

    internal bool AllowsEmptyString { get; }

    internal bool AllowsEmptyCollection { get; }

    internal ArgumentTransformationAttribute[] Transformations { get; }

    internal ValidateArgumentsAttribute[] Validations { get; }

    internal bool IsIn(uint sets) => IsInAllSets || (SetFlags & sets) != 0;

    internal object? GetValue(object owner) => Accessor.Get(owner);

    internal void SetValue(object owner, object? value) => Accessor.Set(owner, value);

    private Accessor Accessor => _accessor ??= Accessor.Of(_property!);

    /// <summary>Describes a property; null when it is no parameter.</summary>
    internal static ParameterDescription? Of(PropertyInfo property, CmdletDescription owner)
    {
        object[] attributes = property.GetCustomAttributes(typeof(CmdletMetadataAttribute), inherit: false);
        return Array.Exists(attributes, attribute => attribute is ParameterAttribute) ? new ParameterDescription(property, attributes, owner) : null;
    }
}

/// <summary>A cmdlet: its names, its parameters and its parameter sets.</summary>
public sealed class CmdletDescription
{
    /// <summary>What the types of cmdlets must keep when unused code is cut away.</summary>
    public const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties;

    private readonly List<string> _setNames = [];

    [DynamicallyAccessedMembers(Needed)]
    private readonly Type _type;

    private CmdletDescription([DynamicallyAccessedMembers(Needed)] Type type, CmdletAttribute cmdlet)
    {
        _type = type;
        Info = new CmdletInfo($"{cmdlet.VerbName}-{cmdlet.NounName}", type);
        SupportsShouldProcess = cmdlet.SupportsShouldProcess;
        ConfirmImpact = cmdlet.ConfirmImpact;
        List<ParameterDescription> parameters = [];
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (ParameterDescription.Of(property, this) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }

        parameters.AddRange(CommonParameters.Describe(SupportsShouldProcess));

        Parameters = parameters;
        DefaultSet = cmdlet.DefaultParameterSetName == ParameterAttribute.AllParameterSets ? 0 : FlagOf(cmdlet.DefaultParameterSetName);
    }

    /// <summary>Its name and class.</summary>
    public CmdletInfo Info { get; }

    /// <summary>Whether it has -WhatIf and -Confirm.</summary>
    public bool SupportsShouldProcess { get; }

    /// <summary>How much harm it can do.</summary>
    public ConfirmImpact ConfirmImpact { get; }

    /// <summary>Its parameters, then those that all cmdlets have.</summary>
    public IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>The names of its parameter sets.</summary>
    public IReadOnlyList<string> SetNames => _setNames;

    internal uint DefaultSet { get; }

    internal uint AllSets => _setNames.Count == 0 ? 0 : uint.MaxValue >> (32 - _setNames.Count);

    /// <summary>Describes a class.</summary>
    /// <param name="type">A class with a <see cref="CmdletAttribute"/>, derived from <see cref="Cmdlet"/>.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static CmdletDescription Of([DynamicallyAccessedMembers(Needed)] Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.GetCustomAttribute<CmdletAttribute>(inherit: false) is { } cmdlet && type.IsSubclassOf(typeof(Cmdlet))
            ? new CmdletDescription(type, cmdlet)
            : throw new ArgumentException($"{type} is not a cmdlet.", nameof(type));
    }

    internal Cmdlet CreateInstance() => (Cmdlet)Activator.CreateInstance(_type)!;

    internal uint FlagOf(string setName)
    {
        int index = _setNames.FindIndex(name => name.Equals(setName, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            index = _setNames.Count;
            _setNames.Add(setName);
        }

        return 1u << index;
    }

    /// <summary>The name of a set; of the default set when all are meant, and empty for several.</summary>
    internal string NameOf(uint sets)
    {
        if (sets is uint.MaxValue or 0)
        {
            return DefaultSet == 0 ? ParameterAttribute.AllParameterSets : NameOf(DefaultSet);
        }

        int index = System.Numerics.BitOperations.TrailingZeroCount(sets);
        return System.Numerics.BitOperations.IsPow2(sets) && index < _setNames.Count ? _setNames[index] : "";
    }

    /// <summary>The parameter of a name, of another of its names, or of an unambiguous beginning; null when there is none.</summary>
    /// <exception cref="ParameterBindingException">Several begin so.</exception>
    internal ParameterDescription? Find(string name)
    {
        if (name.Length > 0 && Letters.IsDash(name[0]))
        {
            name = name[1..];
        }

        List<ParameterDescription> candidates = [];
        foreach (ParameterDescription parameter in Parameters)
        {
            bool begins = parameter.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);
            if (begins && parameter.Name.Length == name.Length)
            {
                return parameter;
            }

            foreach (string alias in parameter.Aliases)
            {
                if (alias.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return parameter;
                }

                begins |= alias.StartsWith(name, StringComparison.OrdinalIgnoreCase);
            }

            if (begins)
            {
                candidates.Add(parameter);
            }
        }

        if (candidates.Count > 1)
        {
            List<ParameterDescription> own = candidates.FindAll(one => !one.IsCommon);
            return own.Count == 1 ? own[0] : throw BindingFailure.Ambiguous(name, candidates);
        }

        return candidates.Count == 1 ? candidates[0] : null;
    }
}
