using System;
using System.Globalization;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Memory;
using PsIpc.Native.SysV;

namespace PsIpc.Runtime;

/// <summary>Which shared memory a cmdlet is to work on: a POSIX object by name, a System V segment by key or id, a file by path, or what the user has of either.</summary>
/// <param name="Name">What to call it in sentences.</param>
/// <param name="Target">What the user gave.</param>
/// <param name="Kind">PosixSharedMemory, SysVSharedMemory, FileMapping or AnonymousMemory.</param>
/// <param name="Label">Its name, key, path or label.</param>
internal sealed record MemoryAddress(string Name, object? Target, string Kind, string Label)
{
    private const string Anonymous = nameof(AnonymousMemory);
    private readonly Func<bool, OpenMemory> _open = _ => throw new InvalidOperationException();

    private MemoryAddress(string name, object? target, string kind, string label, Func<bool, OpenMemory> open)
        : this(name, target, kind, label) => _open = open;

    /// <summary>The record that it was given as, and that may be of elsewhere; null of anything else.</summary>
    private IpcObject? Record => Target as IpcObject;

    internal static MemoryAddress OfName(string name, object? target = null) => new(
        $"POSIX shared memory object {name}", target ?? name, nameof(IpcKind.PosixSharedMemory), name, canWrite => new OpenMemory(MemoryObject.OpenPosix(name, canWrite), canWrite));

    internal static MemoryAddress OfPath(string path, object? target = null) => new(
        $"file '{path}'", target ?? path, nameof(IpcKind.FileMapping), path, canWrite => new OpenMemory(MemoryObject.OpenFile(path, canWrite), canWrite));

    internal static MemoryAddress OfKey(IpcKey key) => new(
        $"System V shared memory segment with the key {key}", key, nameof(IpcKind.SysVSharedMemory), key.ToString(),
        canWrite => new OpenMemory(SysVSharedMemoryTable.Find(key.ToInt32()) ?? throw new IpcException("shmget", Errno.ENOENT), canWrite));

    internal static MemoryAddress OfId(int id) => new(
        string.Create(CultureInfo.InvariantCulture, $"System V shared memory segment with the id {id}"), id, nameof(IpcKind.SysVSharedMemory),
        string.Create(CultureInfo.InvariantCulture, $"id {id}"), canWrite => new OpenMemory(id, canWrite));

    internal static MemoryAddress OfRecord(SysVSharedMemory record) => new(
        string.Create(CultureInfo.InvariantCulture, $"System V shared memory segment {record.Name} (id {record.Id})"), record, record.Kind,
        string.Create(CultureInfo.InvariantCulture, $"{record.Name} (id {record.Id})"), canWrite => new OpenMemory(record.Id, canWrite));

    internal static MemoryAddress OfRecord(PosixSharedMemory record) => OfName(record.Name, record);

    internal static MemoryAddress OfRecord(FileMapping record) => OfPath(record.Path, record);

    /// <summary>A view that is open already; it stays open.</summary>
    internal static MemoryAddress OfView(SharedMemoryView view) => new(view.ToString(), view, view.Kind, view.Name, _ => new OpenMemory(view.View));

    /// <summary>Memory without a name, a file of .NET, the number of a descriptor.</summary>
    /// <param name="value">What the user gave.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="copy">Makes a descriptor of its own of it.</param>
    internal static MemoryAddress OfHandle(object value, string name, Func<SafeDescriptor> copy) => new(
        value is AnonymousMemory memory ? memory.ToString() : name, value, Anonymous, value is AnonymousMemory one ? one.Label : name,
        canWrite => new OpenMemory(MemoryObject.Of(copy()), canWrite));

    /// <summary>Opens it, to be read, or to be written as well.</summary>
    /// <exception cref="ForeignObjectException">The record is of another boot or namespace, or its name is another object's now.</exception>
    /// <exception cref="HandleRefusedException">The handle is closed, or none of memory.</exception>
    /// <exception cref="IpcException">There is no such memory, or it may not be opened.</exception>
    internal OpenMemory Open(bool canWrite)
    {
        if (Record is not null)
        {
            Provenance.CheckQuickly(Record);
        }

        OpenMemory memory = _open(canWrite);
        if (memory.Object is { } opened && Record?.Inode is { } inode && opened.Identity != (Record.Device ?? 0, inode))
        {
            memory.Dispose();
            throw new ForeignObjectException("before it was removed and another made of the same name");
        }

        return memory;
    }
}
