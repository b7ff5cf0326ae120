using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native.Memory;

namespace PsIpc.Binding;

/// <summary>Accepts what memory can be read and written as: Bytes, Text, Hex, and the types of values.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateMemoryFormAttribute : ValidateArgumentsAttribute
{
    internal const string Bytes = "Bytes";
    internal const string Text = "Text";
    internal const string Hex = "Hex";

    /// <summary>Whether only the types of cells that can be updated are accepted.</summary>
    public bool IsCell { get; set; }

    /// <summary>What completion offers.</summary>
    internal static IEnumerable<string> Names => [Bytes, Text, Hex, .. MemoryType.All.Where(type => !type.IsText).Select(type => type.Name)];

    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        string name = arguments as string ?? "";
        MemoryType? type = MemoryType.Find(name);
        bool isType = type is { IsText: false } && (!IsCell || IsCellType(type));
        if (!isType && (IsCell || !Names.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw new ValidationMetadataException(Sentences.Format("MemoryFormRefused", ("value", name), ("names", string.Join(", ", IsCell ? CellNames : Names))));
        }
    }

    /// <summary>Whether a type is one of cells that can be updated.</summary>
    internal static bool IsCellType(MemoryType type) => Array.IndexOf(CellNames, type.Name) >= 0;

    /// <summary>The types of cells that can be updated.</summary>
    internal static string[] CellNames => ["int32", "uint32", "int64", "uint64"];
}
