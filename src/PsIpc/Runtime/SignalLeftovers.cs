using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using PsIpc.Native.Signals;

namespace PsIpc.Runtime;

/// <summary>
/// Signals that came while Wait-Signal waited, beyond those that it was to wait for: the runspace keeps them for the next
/// Wait-Signal, as the kernel keeps them for the next sigwaitinfo(2).
/// </summary>
internal sealed class SignalLeftovers : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<SignalRecord> _records = [];

    /// <summary>Takes the oldest one of some signals.</summary>
    internal static bool TryTake(IReadOnlyCollection<int> signals, out SignalRecord record)
    {
        foreach (SignalLeftovers leftovers in RunspaceResources.OfCurrent<SignalLeftovers>())
        {
            if (leftovers.TryRemove(signals, out record))
            {
                return true;
            }
        }

        record = default;
        return false;
    }

    /// <summary>Keeps signals, in their order.</summary>
    /// <param name="records">The signals.</param>
    /// <param name="first">Whether they are older than those that are kept already.</param>
    internal static void Keep(IReadOnlyCollection<SignalRecord> records, bool first)
    {
        if (records.Count == 0)
        {
            return;
        }

        if (RunspaceResources.OfCurrent<SignalLeftovers>() is not [SignalLeftovers leftovers, ..])
        {
            leftovers = new SignalLeftovers();
            RunspaceResources.Keep(leftovers);
        }

        leftovers.Add(records, first);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _records.Clear();
        }
    }

    private void Add(IReadOnlyCollection<SignalRecord> records, bool first)
    {
        lock (_gate)
        {
            foreach (SignalRecord record in first ? records.Reverse() : records)
            {
                _ = first ? _records.AddFirst(record) : _records.AddLast(record);
            }
        }
    }

    private bool TryRemove(IReadOnlyCollection<int> signals, out SignalRecord record)
    {
        lock (_gate)
        {
            for (LinkedListNode<SignalRecord>? node = _records.First; node is not null; node = node.Next)
            {
                if (signals.Contains(node.Value.Number))
                {
                    record = node.Value;
                    _records.Remove(node);
                    return true;
                }
            }
        }

        record = default;
        return false;
    }
}
