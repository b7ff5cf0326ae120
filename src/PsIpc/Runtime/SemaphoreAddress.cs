using System.Globalization;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using NativePosix = PsIpc.Native.Posix.PosixSemaphore;
using NativeSet = PsIpc.Native.SysV.SysVSemaphoreSet;

namespace PsIpc.Runtime;

/// <summary>Which semaphore a cmdlet is to work on: a POSIX one by name, a System V set by key or id, either by record.</summary>
/// <param name="Name">What to call it in sentences.</param>
/// <param name="Target">What the user gave.</param>
internal readonly record struct SemaphoreAddress(string Name, object Target)
{
    private readonly int _id;
    private readonly IpcKey? _key;
    private readonly string? _posixName;
    private readonly IpcObject? _record;

    private SemaphoreAddress(string name, object target, int id, IpcKey? key, string? posixName, IpcObject? record)
        : this(name, target) => (_id, _key, _posixName, _record) = (id, key, posixName, record);

    internal static SemaphoreAddress OfName(string name) => new($"POSIX semaphore {name}", name, 0, null, name, null);

    internal static SemaphoreAddress OfKey(IpcKey key) => new($"System V semaphore set with the key {key}", key, 0, key, null, null);

    internal static SemaphoreAddress OfId(int id) =>
        new(string.Create(CultureInfo.InvariantCulture, $"System V semaphore set with the id {id}"), id, id, null, null, null);

    internal static SemaphoreAddress OfRecord(PosixSemaphore record) => new($"POSIX semaphore {record.Name}", record, 0, null, record.Name, record);

    internal static SemaphoreAddress OfRecord(SysVSemaphore record) =>
        new(string.Create(CultureInfo.InvariantCulture, $"System V semaphore set {record.Name} (id {record.Id})"), record, record.Id, null, null, record);

    /// <summary>Finds or opens the semaphore, and waits for one that is just being made.</summary>
    /// <exception cref="ForeignObjectException">As <see cref="Open()"/>.</exception>
    /// <exception cref="IpcException">As <see cref="Open()"/>.</exception>
    internal OpenSemaphore Open(Waiter waiter)
    {
        OpenSemaphore semaphore = Open();
        _ = semaphore.WaitUntilMade(waiter, Deadline.Infinite); // cancelled or not, the waiter says so to whoever asks next
        return semaphore;
    }

    /// <summary>Finds or opens the semaphore. One that is just being made is waited for when it is operated on.</summary>
    /// <exception cref="ForeignObjectException">The record is of another boot or namespace, or its name is another semaphore's now.</exception>
    /// <exception cref="IpcException">There is none, or it may not be opened.</exception>
    internal OpenSemaphore Open()
    {
        if (_record is not null)
        {
            Provenance.CheckQuickly(_record);
        }

        if (_posixName is not null)
        {
            return new OpenSemaphore(OpenPosix(_posixName));
        }

        return _key is { } key ? new OpenSemaphore(NativeSet.Open(key.ToInt32()), mayBeUnmade: true)
            : new OpenSemaphore(new NativeSet(_id), mayBeUnmade: false);
    }

    private NativePosix OpenPosix(string name)
    {
        NativePosix semaphore = NativePosix.Open(name);
        if (_record?.Inode is { } inode && semaphore.Identity != (_record.Device ?? 0, inode))
        {
            semaphore.Dispose();
            throw new ForeignObjectException("before it was removed and another made of the same name");
        }

        return semaphore;
    }
}
