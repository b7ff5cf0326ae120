using PsIpc.Native;
using Queue = PsIpc.Native.Posix.PosixMessageQueue;

namespace PsIpc.Runtime;

/// <summary>Which POSIX queue a cmdlet is to work on: by name or by record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">What the user gave.</param>
internal readonly record struct PosixAddress(string Name, object Target)
{
    private readonly PosixMessageQueue? _record;

    private PosixAddress(PosixMessageQueue record)
        : this(record.Name, record) => _record = record;

    /// <summary>What to call it in sentences.</summary>
    internal string DisplayName => $"POSIX message queue {Name}";

    internal static PosixAddress OfName(string name) => new(name, name);

    internal static PosixAddress OfRecord(PosixMessageQueue record) => new(record);

    /// <summary>Opens the queue; of a record only that very one.</summary>
    /// <exception cref="ForeignObjectException">The record is of another boot or namespace, or its name is another queue's now.</exception>
    /// <exception cref="IpcException">It cannot be opened.</exception>
    internal Queue Open(Queue.Access access, bool nonBlocking)
    {
        CheckProvenance();
        Queue queue = Queue.Open(Name, access, nonBlocking);
        if (_record is null)
        {
            return queue; // whichever has the name: its identity need not be looked up
        }

        try
        {
            if (_record is not null)
            {
                CheckIdentity(queue.Identity);
            }

            return queue;
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a record from elsewhere.</summary>
    /// <exception cref="ForeignObjectException">It is of another boot or namespace.</exception>
    internal void CheckProvenance()
    {
        if (_record is not null)
        {
            Provenance.CheckQuickly(_record);
        }
    }

    /// <summary>Refuses the record of another queue than the one that was opened.</summary>
    /// <param name="identity">Device and inode of that one.</param>
    /// <exception cref="ForeignObjectException">Its name is another queue's now.</exception>
    internal void CheckIdentity((ulong Device, ulong Inode) identity)
    {
        if (_record?.Inode is { } inode && identity != (_record.Device ?? 0, inode))
        {
            throw new ForeignObjectException("before it was removed and another made of the same name");
        }
    }
}
