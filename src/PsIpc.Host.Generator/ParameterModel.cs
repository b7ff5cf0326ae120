using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PsIpc.Host.Generator;

/// <summary>What the attributes of a parameter say.</summary>
internal sealed class ParameterModel
{
    private ParameterModel(IPropertySymbol property, IReadOnlyList<AttributeData> attributes, CmdletModel owner)
    {
        Name = property.Name;
        TypeName = CSharp.Name(property.Type);
        ElementTypeName = property.Type is IArrayTypeSymbol { Rank: 1 } array ? CSharp.Name(array.ElementType) : null;
        Cast = property.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable

            // The compiler ahead of time has no code for an unboxing to Nullable.
            ? $"value is null ? null : ({CSharp.Name(nullable.TypeArguments[0])})value"
            : $"({TypeName})value!";
        IsSwitch = CmdletModel.Is(property.Type as INamedTypeSymbol, "SwitchParameter");
        foreach (AttributeData attribute in attributes)
        {
            if (CmdletModel.IsOf(attribute, "ParameterAttribute"))
            {
                Sets.Add((
                    owner.FlagOf(CmdletModel.Named(attribute, "ParameterSetName") as string ?? CmdletModel.AllSets),
                    CmdletModel.Named(attribute, "Mandatory") is true,
                    CmdletModel.Named(attribute, "Position") as int? ?? int.MinValue,
                    CmdletModel.Named(attribute, "ValueFromPipeline") is true,
                    CmdletModel.Named(attribute, "ValueFromPipelineByPropertyName") is true));
                TakesRemaining |= CmdletModel.Named(attribute, "ValueFromRemainingArguments") is true;
            }
            else if (CmdletModel.IsOf(attribute, "AliasAttribute"))
            {
                Aliases.AddRange(attribute.ConstructorArguments[0].Values.Select(value => (string)value.Value!));
            }
            else if (CmdletModel.IsOf(attribute, "ArgumentTransformationAttribute"))
            {
                Transformations.Add(CSharp.Creation(attribute));
            }
            else if (CmdletModel.IsOf(attribute, "ValidateArgumentsAttribute"))
            {
                Validations.Add(CSharp.Creation(attribute));
                Add("CannotBeNull", CmdletModel.IsOf(attribute, "ValidateNotNullAttribute"));
            }
            else
            {
                Add("AllowsNull", CmdletModel.IsOf(attribute, "AllowNullAttribute"));
                Add("AllowsEmptyString", CmdletModel.IsOf(attribute, "AllowEmptyStringAttribute"));
                Add("AllowsEmptyCollection", CmdletModel.IsOf(attribute, "AllowEmptyCollectionAttribute"));
            }
        }

        Add("TakesRemaining", TakesRemaining);
        Add("IsSwitch", IsSwitch);
    }

    internal string Name { get; }

    internal string TypeName { get; }

    internal string? ElementTypeName { get; }

    /// <summary>The expression that makes its type of the object 'value'.</summary>
    internal string Cast { get; }

    internal List<string> Aliases { get; } = [];

    internal List<(uint Flag, bool IsMandatory, int Position, bool FromPipeline, bool FromPipelineByName)> Sets { get; } = [];

    /// <summary>Expressions that make the attributes.</summary>
    internal List<string> Transformations { get; } = [];

    /// <summary>Expressions that make the attributes.</summary>
    internal List<string> Validations { get; } = [];

    /// <summary>Names of ParameterTraits.</summary>
    internal List<string> Traits { get; } = [];

    private bool IsSwitch { get; }

    private bool TakesRemaining { get; }

    /// <summary>Null for a property that is no parameter.</summary>
    internal static ParameterModel? TryRead(IPropertySymbol property, CmdletModel owner)
    {
        AttributeData[] attributes = [.. property.GetAttributes().Where(one => CmdletModel.IsOf(one, "CmdletMetadataAttribute"))];
        return attributes.Any(one => CmdletModel.IsOf(one, "ParameterAttribute")) ? new ParameterModel(property, attributes, owner) : null;
    }

    private void Add(string trait, bool applies)
    {
        if (applies && !Traits.Contains(trait))
        {
            Traits.Add(trait);
        }
    }
}
