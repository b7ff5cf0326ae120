using System;
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
    private const int MostShown = 4;
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

    /// <summary>The names of the fields.</summary>
    internal string Names => string.Join(", ", _layout.Fields.Select(one => one.Name));

    /// <summary>Whether there is a field of that name.</summary>
    internal bool Declares(string name) => _layout.Find(name) is not null;

    /// <summary>The value of a field: a number, text up to its first NUL, its numbers, or the fields of a layout within the layout.</summary>
    /// <param name="name">The field's name, in whatever case; of one within another field Point.X, Points[1].X.</param>
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

    /// <summary>The value of a field. A struct is given wrapped: what shows or exports an object reads the properties of its values only then.</summary>
    internal object Get(MemoryField field)
    {
        if (field is { Count: not null, Type: not { IsText: true } })
        {
            return new SharedMemoryArray(this, field);
        }

        if (field.Layout is not null)
        {
            return PSObject.AsPSObject(Inner(field));
        }

        byte[] bytes = Bytes(field.Offset, field.Size);
        return field.Type!.IsText ? MemoryText.Decode(bytes, Encoding.UTF8) : field.Type.Read(bytes);
    }

    /// <summary>All values of a field that is an array.</summary>
    internal Array ReadAll(MemoryField field) => field.Type is { } type
        ? type.ReadArray(Bytes(field.Offset, field.Size))
        : Enumerable.Range(0, field.Count!.Value).Select(i => Inner(field.Element(i)).Copy()).ToArray();

    /// <summary>
    /// Sets a field: an array of values to as many as are given, text with NULs after it, of a struct the fields that are given. Nothing is written
    /// before all of it is known to fit; then one field is written after the other, and others may see some of them before the rest.
    /// </summary>
    internal void Set(MemoryField field, object? value)
    {
        foreach ((long offset, byte[] bytes) in MemoryAssignment.Of(field, value))
        {
            Guard(() => _memory.Write(bytes, _offset + offset));
        }
    }

    /// <summary>All fields and their values, as an object that keeps them.</summary>
    internal PSObject Copy()
    {
        PSObject copy = new();
        foreach (MemoryField field in _layout.Fields)
        {
            object value = field is { Layout: not null, Count: null } ? Inner(field).Copy() : Get(field);
            copy.Properties.Add(new PSNoteProperty(field.Name, value is SharedMemoryArray several ? several.ToArray() : value));
        }

        return copy;
    }

    /// <summary>Whether it is the very same part of the same memory.</summary>
    internal bool IsSame(SharedMemoryStruct other) => ReferenceEquals(_memory, other._memory) && _offset == other._offset;

    /// <summary>The fields and their values, or their names alone where the memory cannot be read any more.</summary>
    public override string ToString()
    {
        try
        {
            return string.Join(", ", _layout.Fields.Select(field => $"{field.Name}={Shown(Get(field))}"));
        }
        catch (Exception e) when (e is IpcException or PSInvalidOperationException)
        {
            return Names;
        }
    }

    private static string Shown(object value) => value switch
    {
        SharedMemoryArray several => $"{{{string.Join(", ", several.Cast<object>().Take(MostShown).Select(Shown))}{(several.Count > MostShown ? ", …" : "")}}}",
        PSObject { BaseObject: SharedMemoryStruct inner } => $"{{{inner}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private MemoryField Find(string name) => _layout.Locate(name) ?? throw MemoryAssignment.NotFound(_layout, name);

    private SharedMemoryStruct Inner(MemoryField field) => new(_memory, field.Layout!, _offset + field.Offset, $"{field.Name} of the {_name}");

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
}
