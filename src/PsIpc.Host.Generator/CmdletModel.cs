using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PsIpc.Host.Generator;

/// <summary>What the attributes of a cmdlet say.</summary>
internal sealed class CmdletModel
{
    internal const string AllSets = "__AllParameterSets";
    private const string Automation = "System.Management.Automation.";
    private const string EventRegistration = "Microsoft.PowerShell.Commands.ObjectEventRegistrationBase";

    private CmdletModel(INamedTypeSymbol type, AttributeData attribute)
    {
        TypeName = CSharp.Name(type);
        Name = $"{attribute.ConstructorArguments[0].Value}-{attribute.ConstructorArguments[1].Value}";
        SupportsShouldProcess = Named(attribute, "SupportsShouldProcess") is true;
        ConfirmImpact = Named(attribute, "ConfirmImpact") as int?;
        NeedsPowerShell = Bases(type).Any(one => one.ToDisplayString() == EventRegistration);
        HashSet<string> names = [];
        foreach (IPropertySymbol property in Bases(type).SelectMany(one => one.GetMembers().OfType<IPropertySymbol>()))
        {
            if (property is { DeclaredAccessibility: Accessibility.Public, IsStatic: false } && names.Add(property.Name)
                && ParameterModel.TryRead(property, this) is { } parameter)
            {
                Parameters.Add(parameter);
            }
        }

        DefaultSet = Named(attribute, "DefaultParameterSetName") is string set ? FlagOf(set) : 0;
    }

    internal string TypeName { get; }

    internal string Name { get; }

    internal bool SupportsShouldProcess { get; }

    /// <summary>As a number; null where it is the attribute's default.</summary>
    internal int? ConfirmImpact { get; }

    /// <summary>Whether it works with PowerShell's events, which psipc has not.</summary>
    internal bool NeedsPowerShell { get; }

    internal List<ParameterModel> Parameters { get; } = [];

    /// <summary>The names of its sets; the flag of each is the bit of its index.</summary>
    internal List<string> SetNames { get; } = [];

    internal uint DefaultSet { get; }

    /// <summary>Null for a type that is no cmdlet.</summary>
    internal static CmdletModel? TryRead(INamedTypeSymbol type) =>
        type is { DeclaredAccessibility: Accessibility.Public, IsAbstract: false, Arity: 0 }
        && type.GetAttributes().FirstOrDefault(one => IsOf(one, "CmdletAttribute")) is { } attribute
            ? new CmdletModel(type, attribute)
            : null;

    /// <summary>The bit of a set; none for the name that stands for all.</summary>
    internal uint FlagOf(string set)
    {
        if (set == AllSets)
        {
            return 0;
        }

        int index = SetNames.FindIndex(name => name.Equals(set, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            index = SetNames.Count;
            SetNames.Add(set);
        }

        return 1u << index;
    }

    internal static bool IsOf(AttributeData attribute, string name) => Is(attribute.AttributeClass, name);

    /// <summary>Whether a class is one of PowerShell's, or derives from it.</summary>
    internal static bool Is(INamedTypeSymbol? type, string name) =>
        type is not null && Bases(type).Any(one => one.ToDisplayString() == Automation + name);

    /// <summary>The value of a named argument; null when it is not given.</summary>
    internal static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { IsNull: false } given ? given.Value : null;

    /// <summary>A class and all that it derives from, itself first: the order in which reflection lists properties.</summary>
    internal static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? one = type; one is not null; one = one.BaseType)
        {
            yield return one;
        }
    }
}
