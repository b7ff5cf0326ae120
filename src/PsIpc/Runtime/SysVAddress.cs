using System.Globalization;
using Queue = PsIpc.Native.SysV.SysVMessageQueue;

namespace PsIpc.Runtime;

/// <summary>Which System V queue a cmdlet is to work on: by key, by id or by record.</summary>
/// <param name="Name">What to call it in sentences.</param>
/// <param name="Target">What the user gave.</param>
internal readonly record struct SysVAddress(string Name, object Target)
{
    private readonly int _id;
    private readonly IpcKey? _key;
    private readonly SysVMessageQueue? _record;

    private SysVAddress(string name, object target, int id, IpcKey? key, SysVMessageQueue? record)
        : this(name, target) => (_id, _key, _record) = (id, key, record);

    internal static SysVAddress OfKey(IpcKey key) => new($"System V message queue with the key {key}", key, 0, key, null);

    internal static SysVAddress OfId(int id) =>
        new(string.Create(CultureInfo.InvariantCulture, $"System V message queue with the id {id}"), id, id, null, null);

    internal static SysVAddress OfRecord(SysVMessageQueue record) =>
        new(string.Create(CultureInfo.InvariantCulture, $"System V message queue {record.Name} (id {record.Id})"), record, record.Id, null, record);

    /// <summary>The queue.</summary>
    /// <exception cref="ForeignObjectException">The record is of another boot or namespace.</exception>
    /// <exception cref="Native.IpcException">No queue has the key.</exception>
    internal Queue Open()
    {
        if (_record is not null)
        {
            Provenance.CheckQuickly(_record);
        }

        return _key is { } key ? Queue.Open(key.ToInt32()) : new Queue(_id);
    }
}
