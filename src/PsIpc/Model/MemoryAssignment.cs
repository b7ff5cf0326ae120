using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text;
using PsIpc.Errors;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>Makes bytes of what is assigned to a field: numbers, text, and of a struct a table, an object with properties, or another struct.</summary>
internal static class MemoryAssignment
{
    private const int MostShown = 8;

    /// <summary>
    /// The bytes, and where in the field's layout each belongs. Only the fields that are given are among them: what others write to the rest of
    /// a struct meanwhile stays.
    /// </summary>
    /// <exception cref="PSInvalidOperationException">Some of it does not fit, or there is no such field; then nothing is to be written.</exception>
    internal static List<(long Offset, byte[] Bytes)> Of(MemoryField field, object? value)
    {
        List<(long Offset, byte[] Bytes)> parts = [];
        Add(parts, 0, field, value);
        return parts;
    }

    /// <summary>There is no such field.</summary>
    internal static PSInvalidOperationException NotFound(MemoryLayout layout, string name) =>
        new(Sentences.Format("FieldNotFound", ("value", name), ("names", string.Join(", ", layout.Fields.Select(field => field.Name)))));

    private static void Add(List<(long Offset, byte[] Bytes)> parts, long start, MemoryField field, object? value)
    {
        object? bare = Bare(value);
        if (field.Layout is null)
        {
            parts.Add((start + field.Offset, field.Type!.IsText ? Text(field, bare) : Numbers(field, bare)));
            return;
        }

        if (field.Count is { } count)
        {
            object?[] several = bare is IList list ? [.. list.Cast<object?>()] : [bare];
            if (several.Length > count)
            {
                throw Refused(field, bare);
            }

            for (int i = 0; i < several.Length; i++)
            {
                Add(parts, start, field.Element(i), several[i]);
            }

            return;
        }

        foreach ((string name, object? one) in Members(bare) ?? throw Refused(field, bare))
        {
            Add(parts, start + field.Offset, field.Layout.Locate(name) ?? throw NotFound(field.Layout, name), one);
        }
    }

    /// <summary>A bag of properties has nothing inside: it stays what it is.</summary>
    private static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject and var inside } ? inside : value;

    private static IEnumerable<(string Name, object? Value)>? Members(object? value) => value switch
    {
        IDictionary table => table.Cast<DictionaryEntry>().Select(one => (Convert.ToString(one.Key, CultureInfo.InvariantCulture) ?? "", one.Value)),
        SharedMemoryStruct other => other.Declared.Select(field => (field.Name, (object?)other.Get(field))),
        PSObject bag => bag.Properties.Select(one => (one.Name, (object?)one.Value)),
        _ => null,
    };

    private static byte[] Text(MemoryField field, object? value)
    {
        byte[] bytes = new byte[field.Size];
        if (value is not (null or string or char) || !Encoding.UTF8.TryGetBytes(Convert.ToString(value, CultureInfo.InvariantCulture), bytes, out _))
        {
            throw Refused(field, value);
        }

        return bytes;
    }

    private static byte[] Numbers(MemoryField field, object? value)
    {
        object?[] values = value is IList list ? [.. list.Cast<object?>()] : [value];
        if (values.Length > (field.Count ?? 1) || (field.Count is null && value is IList))
        {
            throw Refused(field, value);
        }

        MemoryType type = field.Type!;
        byte[] bytes = new byte[values.Length * type.Size];
        for (int i = 0; i < values.Length; i++)
        {
            object? one = MemoryNumber.Convert(values[i], type) ?? throw Refused(field, values[i]);
            MemoryType.Write(one, bytes.AsSpan(i * type.Size));
        }

        return bytes;
    }

    private static PSInvalidOperationException Refused(MemoryField field, object? value) =>
        new(Sentences.Format("FieldValueRefused", ("value", Shown(value, 0)), ("name", field.Name), ("type", field.TypeName)));

    /// <summary>What was given, as one would type it, and not more of it than a sentence bears.</summary>
    private static string Shown(object? value, int depth) => Bare(value) switch
    {
        null => "$null",
        _ when depth > 2 => "…",
        string text => text,
        IList { Count: 0 } => "@()",
        IList list => Joined(",", list.Cast<object?>().Select(one => Shown(one, depth + 1))),
        SharedMemoryStruct fields => fields.ToString(),
        { } bare when Members(bare) is { } members => $"@{{{Joined("; ", members.Select(one => $"{one.Name}={Shown(one.Value, depth + 1)}"))}}}",
        { } bare => Convert.ToString(bare, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Joined(string separator, IEnumerable<string> texts)
    {
        string[] some = [.. texts.Take(MostShown + 1)];
        return string.Join(separator, some.Take(MostShown)) + (some.Length > MostShown ? separator + "…" : "");
    }
}
