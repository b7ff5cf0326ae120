using PsIpc.Native.Inventory;

namespace PsIpc.Native.Posix;

/// <summary>What a new POSIX queue gets when it does not say: fs.mqueue of mq_overview(7).</summary>
internal static class PosixQueueLimits
{
    internal static long DefaultMaxMessages => IpcLimit.MqueueMsgDefault.Read() ?? 10;

    internal static long DefaultMaxMessageSize => IpcLimit.MqueueMsgsizeDefault.Read() ?? 8192;
}
