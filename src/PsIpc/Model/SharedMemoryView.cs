using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>
/// A part of shared memory that this process has mapped: what Open-SharedMemory emits. $view[0] is its first byte; with a layout its
/// fields are properties: $view.Count = 5. See mmap(2), shmat(2).
/// </summary>
public sealed class SharedMemoryView : IpcHandle, Columns.ISharedMemoryView
{
    internal SharedMemoryView(MemoryView view, MemoryLayout? layout) => (View, Declared, Struct) =
        (view, layout, layout is null ? null : new SharedMemoryStruct(view, layout, 0, "shared memory view"));

    /// <summary>What kind of memory it shows: PosixSharedMemory, SysVSharedMemory, FileMapping or AnonymousMemory.</summary>
    public string Kind { get; internal init; } = "";

    /// <summary>What that is called: a name, a key or id, a path, a label.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>ReadWrite, ReadOnly, or CopyOnWrite: what is written then is seen by nobody else.</summary>
    public string Access { get; internal init; } = "";

    /// <summary>Where in the memory the view begins.</summary>
    public long Offset { get; internal init; }

    /// <summary>Bytes that were mapped. The memory behind them may have become shorter; touching what is gone is an error.</summary>
    public long Length => View.Length;

    /// <summary>Where the view is in this process, in hexadecimal digits as /proc/self/maps has them; null once it is closed.</summary>
    public string? Address => View.Address is not 0 and var address ? address.ToString("x", CultureInfo.InvariantCulture) : null;

    /// <summary>The fields of the layout, with their offsets; empty without one.</summary>
    public SharedMemoryField[] Layout => Declared is null ? []
        : [.. Declared.Flatten().Select(one => new SharedMemoryField(one.Path, one.Field.TypeName, one.Offset, one.Field.Size))];

    /// <inheritdoc/>
    [Hidden]
    public override bool IsClosed => View.IsClosed;

    string Columns.ISharedMemoryView.KindText => Kind;

    string Columns.ISharedMemoryView.OffsetText => Offset.ToString(CultureInfo.InvariantCulture);

    string Columns.ISharedMemoryView.FieldsText => Struct?.Names ?? "";

    internal override string HandleText => "MemoryView";

    internal override string NameText => Visible.Of(Name);

    internal override string StateText => IsClosed ? "Closed" : Access;

    internal override string SizeText => HumanSize.Format(Length);

    /// <summary>What the view says of itself, for those who list its properties beside its fields.</summary>
    internal static (string Name, Type Type, Func<SharedMemoryView, object?> Get)[] Own =>
    [
        (nameof(Kind), typeof(string), view => view.Kind),
        (nameof(Name), typeof(string), view => view.Name),
        (nameof(Access), typeof(string), view => view.Access),
        (nameof(Offset), typeof(long), view => view.Offset),
        (nameof(Length), typeof(long), view => view.Length),
        (nameof(Address), typeof(string), view => view.Address),
        (nameof(Layout), typeof(SharedMemoryField[]), view => view.Layout),
        (nameof(IsClosed), typeof(bool), view => view.IsClosed),
    ];

    /// <summary>The mapping.</summary>
    internal MemoryView View { get; }

    /// <summary>The layout; null without one.</summary>
    internal MemoryLayout? Declared { get; }

    /// <summary>The fields; null without a layout.</summary>
    internal SharedMemoryStruct? Struct { get; }

    /// <summary>One byte.</summary>
    /// <param name="offset">Where it is in the view, from 0.</param>
    /// <exception cref="IpcException">The view has no such byte, or the memory has become shorter; it is read-only.</exception>
    [Hidden]
    public byte this[long offset]
    {
        get
        {
            byte[] one = new byte[1];
            Guard(() => View.Read(one, Checked(offset)));
            return one[0];
        }
        set => Guard(() => View.Write([value], Checked(offset)));
    }

    /// <summary>The value of a field of the layout.</summary>
    /// <param name="name">The field's name, in whatever case; of one within another field Point.X, Points[1].X.</param>
    /// <exception cref="PSInvalidOperationException">There is no such field, or the value does not fit it.</exception>
    [Hidden]
    public object? this[string name]
    {
        get => Fields(name)[name];
        set => Fields(name)[name] = value;
    }

    /// <summary>The value of a field of the layout. An error of this is seen, where PowerShell makes $null of one of a property.</summary>
    /// <param name="name">The field's name, in whatever case.</param>
    /// <exception cref="IpcException">The memory is gone, or shorter than that.</exception>
    /// <exception cref="PSInvalidOperationException">There is no such field.</exception>
    public object? Get(string name) => this[name];

    /// <summary>What it shows, and where.</summary>
    public override string ToString() => $"view of {Kind} {Name}";

    /// <inheritdoc/>
    private protected override void Close() => View.Dispose();

    private SharedMemoryStruct Fields(string name) => Struct
        ?? throw new PSInvalidOperationException(Sentences.Format("ViewHasNoLayout", ("value", name)));

    private static long Checked(long offset) => offset >= 0 ? offset : throw new IpcException("memory", Errno.EFAULT);

    private void Guard(Action access)
    {
        try
        {
            access();
        }
        catch (IpcException e)
        {
            throw Failure.Of(e, this, ToString()).Exception;
        }
        catch (ObjectDisposedException)
        {
            throw new PSInvalidOperationException(Sentences.Format("HandleClosed", ("target", this)));
        }
    }
}
