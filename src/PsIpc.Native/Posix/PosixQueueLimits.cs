using System;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Posix;

/// <summary>What a new POSIX queue gets when it does not say: fs.mqueue of mq_overview(7).</summary>
internal static class PosixQueueLimits
{
    internal static long DefaultMaxMessages => Smaller(IpcLimit.MqueueMsgDefault.Read() ?? 10, IpcLimit.MqueueMsgMax.Read());

    internal static long DefaultMaxMessageSize => Smaller(IpcLimit.MqueueMsgsizeDefault.Read() ?? 8192, IpcLimit.MqueueMsgsizeMax.Read());

    /// <summary>The kernel lets a default stand above its maximum, and cuts it only when it applies it itself.</summary>
    private static long Smaller(long value, long? maximum) => Math.Min(value, maximum ?? value);
}
