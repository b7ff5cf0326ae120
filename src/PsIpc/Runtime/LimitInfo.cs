using System.Linq;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;

namespace PsIpc.Runtime;

/// <summary>Describes limits, with what is used of them.</summary>
internal static class LimitInfo
{
    /// <summary>The record of a limit; null of one that this kernel does not have.</summary>
    internal static IpcLimitInfo? Describe(IpcLimit limit)
    {
        if (limit.ReadExactly() is not { } value)
        {
            return null;
        }

        ulong? bound = value == ulong.MaxValue ? null : value;
        long? used = limit.Name switch
        {
            "fs.mqueue.queues_max" => CountQueues(),
            "RLIMIT_MSGQUEUE" => CountQueueBytes(),
            _ => IpcLimitUse.Of(limit),
        };
        return new IpcLimitInfo
        {
            Name = limit.Name,
            Value = bound,
            Used = used,
            Percent = bound > 0 && used is not null ? 100.0 * used.Value / bound.Value : null,
            Unit = limit.Unit,
            Scope = limit.Scope.ToString(),
            Maximum = limit.ReadMaximum() is { } maximum and not ulong.MaxValue ? maximum : null,
            Capability = limit.Capability,
            Source = limit.Source,
        };
    }

    /// <summary>Null where the queues cannot be listed.</summary>
    private static long? CountQueues()
    {
        try
        {
            return PosixQueueDirectory.Enumerate().LongCount();
        }
        catch (IpcException)
        {
            return null;
        }
    }

    /// <summary>What the queues of the user take who runs this; null where not all of them can be seen.</summary>
    private static long? CountQueueBytes()
    {
        try
        {
            long bytes = 0;
            foreach (PosixMessageQueueStatus queue in PosixQueueDirectory.Enumerate().Where(one => one.Uid == Accounts.CurrentUser))
            {
                if (queue.MaxMessages is not { } messages || queue.MaxMessageSize is not { } size)
                {
                    return null;
                }

                bytes += IpcLimitUse.BytesOfQueue(messages, size);
            }

            return bytes;
        }
        catch (IpcException)
        {
            return null;
        }
    }
}
