using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>
/// The elements of a field that is an array, in memory: $view.Samples[1] reads that number from the memory, and $view.Samples[1] = 2 writes it there.
/// Elements may be structs as well: $view.Points[1].X = 2, $view.Points[1] = @{ X = 2 }. A copy of them all is what <see cref="ToArray"/> makes.
/// </summary>
/// <remarks>
/// An array of .NET would be a copy, whose elements could be set without anybody noticing that the memory keeps what it had. Elements cannot be
/// added or removed.
/// </remarks>
public sealed class SharedMemoryArray : IList, IReadOnlyList<object>
{
    private readonly SharedMemoryStruct _owner;
    private readonly MemoryField _field;

    internal SharedMemoryArray(SharedMemoryStruct owner, MemoryField field)
    {
        _owner = owner;
        _field = field;
    }

    /// <summary>How many elements there are.</summary>
    public int Count => _field.Count!.Value;

    /// <summary>How many elements there are, as an array of .NET calls it.</summary>
    public int Length => Count;

    /// <inheritdoc/>
    [Hidden]
    public bool IsFixedSize => true;

    /// <inheritdoc/>
    [Hidden]
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    [Hidden]
    public bool IsSynchronized => false;

    /// <inheritdoc/>
    [Hidden]
    public object SyncRoot => this;

    /// <summary>The element at an index: a number as it is in memory now, or a struct in the memory; setting it writes it there.</summary>
    /// <param name="index">Where, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer elements.</exception>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">The value does not fit, or the view is closed.</exception>
    public object? this[int index]
    {
        get => _owner.Get(_field.Element(Checked(index)));
        set => _owner.Set(_field.Element(Checked(index)), value);
    }

    /// <summary>All the elements, read at once: an array that keeps them, of numbers of their own type, or of objects with the fields of the structs.</summary>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">The view is closed.</exception>
    public Array ToArray() => _owner.ReadAll(_field);

    /// <inheritdoc/>
    public IEnumerator GetEnumerator() => _field.Type is null ? Structs().GetEnumerator() : ToArray().GetEnumerator();

    object IReadOnlyList<object>.this[int index] => this[index]!;

    IEnumerator<object> IEnumerable<object>.GetEnumerator() => _field.Type is null ? Structs().GetEnumerator() : ToArray().Cast<object>().GetEnumerator();

    /// <inheritdoc/>
    public bool Contains(object? value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public int IndexOf(object? value) =>
        _field.Type is null ? Structs().ToList().FindIndex(one => (value is PSObject wrapper ? wrapper.BaseObject : value) is SharedMemoryStruct other && IsSame(one, other))
        : MemoryNumber.Convert(value, _field.Type) is { } number ? ((IList)ToArray()).IndexOf(number) : -1;

    /// <inheritdoc/>
    public void CopyTo(Array array, int index)
    {
        if (_field.Type is null)
        {
            Structs().ToArray().CopyTo(array, index);
        }
        else
        {
            ToArray().CopyTo(array, index);
        }
    }

    /// <summary>Refused: the layout says how many there are.</summary>
    /// <param name="value">What was to be added.</param>
    [Hidden]
    public int Add(object? value) => throw Fixed();

    /// <summary>Refused: the layout says how many there are.</summary>
    [Hidden]
    public void Clear() => throw Fixed();

    /// <summary>Refused: the layout says how many there are.</summary>
    /// <param name="index">Where.</param>
    /// <param name="value">What was to be put there.</param>
    [Hidden]
    public void Insert(int index, object? value) => throw Fixed();

    /// <summary>Refused: the layout says how many there are.</summary>
    /// <param name="value">What was to be removed.</param>
    [Hidden]
    public void Remove(object? value) => throw Fixed();

    /// <summary>Refused: the layout says how many there are.</summary>
    /// <param name="index">Where.</param>
    [Hidden]
    public void RemoveAt(int index) => throw Fixed();

    /// <summary>The elements.</summary>
    public override string ToString() => string.Join(' ', this.Cast<object>().Select(one => Convert.ToString(one, CultureInfo.InvariantCulture)));

    /// <summary>The structs in the memory: what is set in one of them is set there.</summary>
    private IEnumerable<object> Structs() => Enumerable.Range(0, Count).Select(i => _owner.Get(_field.Element(i)));

    private static bool IsSame(object one, SharedMemoryStruct other) => ((SharedMemoryStruct)((PSObject)one).BaseObject).IsSame(other);

    private int Checked(int index) => index >= 0 && index < Count
        ? index
        : throw new ArgumentOutOfRangeException(null, Sentences.Format("ElementOutOfRange", ("name", _field.Name), ("value", index), ("count", Count)));

    private NotSupportedException Fixed() => new(Sentences.Format("FieldOfFixedLength", ("name", _field.Name), ("count", Count)));
}
