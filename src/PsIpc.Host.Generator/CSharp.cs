using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PsIpc.Host.Generator;

/// <summary>Symbols and constants as C# text.</summary>
internal static class CSharp
{
    /// <summary>A type by its full name.</summary>
    internal static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    internal static string Text(string? text) => text is null ? "null" : SymbolDisplay.FormatLiteral(text, quote: true);

    internal static string Text(bool value) => value ? "true" : "false";

    /// <summary>The expression that makes an attribute as it was written.</summary>
    internal static string Creation(AttributeData attribute)
    {
        string arguments = string.Join(", ", attribute.ConstructorArguments.Select(Constant));
        string properties = string.Join(", ", attribute.NamedArguments.Select(one => $"{one.Key} = {Constant(one.Value)}"));
        return $"new {Name(attribute.AttributeClass!)}({arguments})" + (properties.Length > 0 ? $" {{ {properties} }}" : "");
    }

    private static string Constant(TypedConstant constant) => constant switch
    {
        { IsNull: true } => "null",
        { Kind: TypedConstantKind.Array } => $"new {Name(constant.Type!)} {{ {string.Join(", ", constant.Values.Select(Constant))} }}",
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({Name(type)})",
        { Kind: TypedConstantKind.Enum } => $"({Name(constant.Type!)})({SymbolDisplay.FormatPrimitive(constant.Value!, quoteStrings: true, useHexadecimalNumbers: false)})",

        // With its type: 1L as object must not become an int.
        _ => $"({Name(constant.Type!)})({SymbolDisplay.FormatPrimitive(constant.Value!, quoteStrings: true, useHexadecimalNumbers: false)})",
    };
}
