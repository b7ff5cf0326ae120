using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>
/// The fields of a layout in memory, read and set by name: $view.Count, or $view['Count'] where a property of the object has that name. Reading
/// one reads the memory, setting one writes to it.
/// </summary>
public sealed class SharedMemoryStruct
{
    private readonly IMemory _memory;
    private readonly MemoryLayout _layout;
    private readonly long _offset;
    private readonly string _name;

    internal SharedMemoryStruct(IMemory memory, MemoryLayout layout, long offset, string name)
    {
        _memory = memory;
        _layout = layout;
        _offset = offset;
        _name = name;
    }

    /// <summary>The fields.</summary>
    internal IEnumerable<MemoryField> Declared => _layout.Fields;

    /// <summary>Whether there is a field of that name.</summary>
    internal bool Declares(string name) => _layout.Find(name) is not null;

    /// <summary>The value of a field: a number, text up to its first NUL, its numbers, or the fields of a layout within the layout.</summary>
    /// <param name="name">The field's name, in whatever case.</param>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">There is no such field, or the value does not fit it.</exception>
    [Hidden]
    public object? this[string name]
    {
        get => Get(Find(name));
        set => Set(Find(name), value);
    }

    /// <summary>The value of a field. An error of this is seen, where PowerShell makes $null of one of a property.</summary>
    /// <param name="name">The field's name, in whatever case.</param>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">There is no such field.</exception>
    public object? Get(string name) => this[name];

    /// <summary>The value of a field.</summary>
    internal object Get(MemoryField field)
    {
        long offset = _offset + field.Offset;
        if (field.Layout is { } inner)
        {
            return field.Count is { } several
                ? Enumerable.Range(0, several).Select(i => Inner(inner, offset + (i * inner.Size), $"{field.Name}[{i}]")).ToArray()
                : Inner(inner, offset, field.Name);
        }

        if (field is { Type.IsText: false, Count: not null })
        {
            return new SharedMemoryArray(this, field);
        }

        byte[] bytes = Bytes(field.Offset, field.Size);
        return field.Type!.IsText ? MemoryText.Decode(bytes, Encoding.UTF8) : field.Type.Read(bytes);
    }

    /// <summary>All numbers of a field that is an array.</summary>
    internal Array ReadAll(MemoryField field) => field.Type!.ReadArray(Bytes(field.Offset, field.Size));

    /// <summary>One number of a field that is an array.</summary>
    internal object GetElement(MemoryField field, int index) =>
        field.Type!.Read(Bytes(field.Offset + ((long)index * field.Type.Size), field.Type.Size));

    /// <summary>Sets one number of a field that is an array.</summary>
    internal void SetElement(MemoryField field, int index, object? value)
    {
        byte[] bytes = Numbers(field, [value]);
        Guard(() => _memory.Write(bytes, _offset + field.Offset + ((long)index * field.Type!.Size)));
    }

    /// <summary>Sets a field: an array of values to as many as are given, text with NULs after it.</summary>
    internal void Set(MemoryField field, object? value)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (field.Layout is not null)
        {
            SetInner(field, bare);
            return;
        }

        byte[] bytes = field.Type!.IsText ? Text(field, bare) : Values(field, bare);
        Guard(() => _memory.Write(bytes, _offset + field.Offset));
    }

    /// <summary>All fields and their values, as an object that keeps them.</summary>
    internal PSObject Copy()
    {
        PSObject copy = new();
        foreach (MemoryField field in _layout.Fields)
        {
            copy.Properties.Add(new PSNoteProperty(field.Name, Get(field) switch
            {
                SharedMemoryStruct inner => inner.Copy(),
                SharedMemoryStruct[] several => several.Select(one => one.Copy()).ToArray(),
                SharedMemoryArray numbers => numbers.ToArray(),
                object plain => plain,
            }));
        }

        return copy;
    }

    /// <summary>The names of the fields.</summary>
    public override string ToString() => string.Join(", ", _layout.Fields.Select(field => field.Name));

    private MemoryField Find(string name) => _layout.Find(name)
        ?? throw new PSInvalidOperationException(Sentences.Format("FieldNotFound", ("value", name), ("names", ToString())));

    private SharedMemoryStruct Inner(MemoryLayout layout, long offset, string field) => new(_memory, layout, offset, $"{field} of the {_name}");

    private byte[] Bytes(long offset, long size)
    {
        byte[] bytes = new byte[size];
        Guard(() => _memory.Read(bytes, _offset + offset));
        return bytes;
    }

    private void Guard(Action access)
    {
        try
        {
            access();
        }
        catch (IpcException e)
        {
            throw Failure.Of(e, _name, _name).Exception;
        }
        catch (ObjectDisposedException)
        {
            throw new PSInvalidOperationException(Sentences.Format("HandleClosed", ("target", _name)));
        }
    }

    private void SetInner(MemoryField field, object? value)
    {
        if (field.Count is not null || value is not IDictionary several)
        {
            throw Refused(field, value);
        }

        SharedMemoryStruct inner = (SharedMemoryStruct)Get(field);
        foreach (DictionaryEntry entry in several)
        {
            inner[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""] = entry.Value;
        }
    }

    private static byte[] Text(MemoryField field, object? value)
    {
        byte[] bytes = new byte[field.Size];
        if (value is not (null or string or char) || !Encoding.UTF8.TryGetBytes(Convert.ToString(value, CultureInfo.InvariantCulture), bytes, out _))
        {
            throw Refused(field, value);
        }

        return bytes;
    }

    private static byte[] Values(MemoryField field, object? value)
    {
        object?[] values = value is IList list ? [.. list.Cast<object?>()] : [value];
        return values.Length > (field.Count ?? 1) || (field.Count is null && value is IList)
            ? throw Refused(field, value)
            : Numbers(field, values);
    }

    private static byte[] Numbers(MemoryField field, object?[] values)
    {
        MemoryType type = field.Type!;
        byte[] bytes = new byte[values.Length * type.Size];
        for (int i = 0; i < values.Length; i++)
        {
            object? one = MemoryNumber.Convert(values[i], type) ?? throw Refused(field, values[i]);
            MemoryType.Write(one, bytes.AsSpan(i * type.Size));
        }

        return bytes;
    }

    private static PSInvalidOperationException Refused(MemoryField field, object? value) => new(Sentences.Format(
        "FieldValueRefused", ("value", value is IList list and not byte[] ? string.Join(',', list.Cast<object?>()) : value ?? "$null"), ("name", field.Name), ("type", field.TypeName)));
}
