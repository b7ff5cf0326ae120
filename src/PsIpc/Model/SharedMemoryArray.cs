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
/// The numbers of a field that is an array, in memory: $view.Samples[1] reads that number from the memory, and $view.Samples[1] = 2 writes it there.
/// A copy of them all, an array of their own type, is what <see cref="ToArray"/> makes.
/// </summary>
/// <remarks>
/// An array of .NET would be a copy, whose elements could be set without anybody noticing that the memory keeps what it had. Numbers cannot be
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

    /// <summary>How many numbers there are.</summary>
    public int Count => _field.Count!.Value;

    /// <summary>How many numbers there are, as an array of .NET calls it.</summary>
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

    /// <summary>The number at an index, as it is in memory now; setting it writes it there.</summary>
    /// <param name="index">Where, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer numbers.</exception>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">The value does not fit, or the view is closed.</exception>
    public object? this[int index]
    {
        get => _owner.GetElement(_field, Checked(index));
        set => _owner.SetElement(_field, Checked(index), value);
    }

    /// <summary>All the numbers, read at once: an array of their own type that keeps them.</summary>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">The view is closed.</exception>
    public Array ToArray() => _owner.ReadAll(_field);

    /// <inheritdoc/>
    public IEnumerator GetEnumerator() => ToArray().GetEnumerator();

    object IReadOnlyList<object>.this[int index] => _owner.GetElement(_field, Checked(index));

    IEnumerator<object> IEnumerable<object>.GetEnumerator() => ToArray().Cast<object>().GetEnumerator();

    /// <inheritdoc/>
    public bool Contains(object? value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public int IndexOf(object? value) => MemoryNumber.Convert(value, _field.Type!) is { } number ? ((IList)ToArray()).IndexOf(number) : -1;

    /// <inheritdoc/>
    public void CopyTo(Array array, int index) => ToArray().CopyTo(array, index);

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

    /// <summary>The numbers.</summary>
    public override string ToString() => string.Join(' ', ToArray().Cast<object>().Select(one => Convert.ToString(one, CultureInfo.InvariantCulture)));

    private int Checked(int index) => index >= 0 && index < Count
        ? index
        : throw new ArgumentOutOfRangeException(null, Sentences.Format("ElementOutOfRange", ("name", _field.Name), ("value", index), ("count", Count)));

    private NotSupportedException Fixed() => new(Sentences.Format("FieldOfFixedLength", ("name", _field.Name), ("count", Count)));
}
