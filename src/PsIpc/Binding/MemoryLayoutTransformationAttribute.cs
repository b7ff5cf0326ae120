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
    /// <inheritdoc/>
    protected override bool TakesArrays => true;

    /// <summary>The layout of declarations that were accepted.</summary>
    /// <exception cref="FormatException">They are none; the message is for the user.</exception>
    internal static MemoryLayout Make(object declarations, bool isPacked)
    {
        try
        {
            return declarations is string text ? MemoryLayout.Parse(text, isPacked)
                : MemoryLayout.Of((IReadOnlyList<KeyValuePair<string, object?>>)declarations, isPacked);
        }
        catch (MemoryLayoutException e)
        {
            string names = string.Join(", ", MemoryType.All.Select(type => type.Name));
            throw new FormatException(Sentences.Format("Layout" + e.Fault, ("value", e.Value), ("names", names)));
        }
    }

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped)
    {
        object declarations = value switch
        {
            string => value,
            IDictionary dictionary => Declarations(dictionary),
            _ => throw new FormatException(Sentences.Format("LayoutRefused", ("value", value))),
        };
        _ = Make(declarations, isPacked: false); // says now what is wrong
        return declarations;
    }

    private static KeyValuePair<string, object?>[] Declarations(IDictionary dictionary)
    {
        if (dictionary is Hashtable { Count: > 1 })
        {
            throw new FormatException(Sentences.Format("LayoutNotOrdered"));
        }

        return [.. dictionary.Cast<DictionaryEntry>().Select(entry => new KeyValuePair<string, object?>(
            System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
            (entry.Value is PSObject wrapper ? wrapper.BaseObject : entry.Value) is IDictionary inner ? Declarations(inner) : (entry.Value as PSObject)?.BaseObject ?? entry.Value))];
    }
}
