using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native.Memory;

namespace PsIpc.Binding;

/// <summary>Makes declarations of what people give for a layout: an ordered hashtable of names and types, or C text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemoryLayoutTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <summary>Structs within each other at most. A table that contains itself has no end, and the end of the stack is that of the process.</summary>
    private const int MaxDepth = 100;

    /// <inheritdoc/>
    protected override bool TakesArrays => true;

    /// <summary>The layout of declarations that were accepted.</summary>
    /// <exception cref="FormatException">They are none; the message is for the user.</exception>
    internal static MemoryLayout Make(object declarations, bool isPacked)
    {
        try
        {
            MemoryLayout layout = declarations is string text ? MemoryLayout.Parse(text, isPacked)
                : MemoryLayout.Of((IReadOnlyList<KeyValuePair<string, object?>>)declarations, isPacked);
            return ReservedIn(layout) is { } name ? throw new FormatException(Sentences.Format("LayoutReserved", ("value", name))) : layout;
        }
        catch (MemoryLayoutException e)
        {
            string names = string.Join(", ", MemoryType.All.Select(type => type.Name));
            throw new FormatException(Sentences.Format("Layout" + e.Fault, ("value", e.Value), ("names", names)));
        }
    }

    /// <summary>What every object in PowerShell has under these names cannot be hidden by a field.</summary>
    private static string? ReservedIn(MemoryLayout layout) => layout.Flatten()
        .Select(one => one.Field.Name).FirstOrDefault(name => name.ToUpperInvariant() is "PSADAPTED" or "PSBASE" or "PSEXTENDED" or "PSOBJECT" or "PSTYPENAMES");

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped)
    {
        object declarations = value switch
        {
            string => value,
            IDictionary dictionary => Declarations(dictionary, 1),
            _ => throw new FormatException(Sentences.Format("LayoutRefused", ("value", value))),
        };
        _ = Make(declarations, isPacked: false); // says now what is wrong
        return declarations;
    }

    private static KeyValuePair<string, object?>[] Declarations(IDictionary dictionary, int depth)
    {
        if (dictionary is Hashtable { Count: > 1 })
        {
            throw new FormatException(Sentences.Format("LayoutNotOrdered"));
        }

        return depth > MaxDepth
            ? throw new FormatException(Sentences.Format("LayoutTooDeep", ("maximum", MaxDepth)))
            : [.. dictionary.Cast<DictionaryEntry>().Select(entry => new KeyValuePair<string, object?>(
                System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", Declaration(entry.Value, depth)))];
    }

    private static object? Declaration(object? value, int depth)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        return bare is IDictionary inner ? Declarations(inner, depth + 1) : bare;
    }
}
