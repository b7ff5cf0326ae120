using System;
using System.Globalization;
using PsIpc.Native.Inventory;

namespace PsIpc.Errors;

/// <summary>What sentences say of a limit: its name, what it is now, and where it can be seen.</summary>
internal static class Limits
{
    /// <summary>Bytes that a System V message may have.</summary>
    internal static long MsgMax => IpcLimit.MsgMax.Read() ?? long.MaxValue;

    internal static string Describe(string name)
    {
        IpcLimit limit = name switch
        {
            "MsgMax" => IpcLimit.MsgMax,
            "MsgMnb" => IpcLimit.MsgMnb,
            "MsgMni" => IpcLimit.MsgMni,
            "ShmMax" => IpcLimit.ShmMax,
            "ShmAll" => IpcLimit.ShmAll,
            "ShmMni" => IpcLimit.ShmMni,
            "SemMsl" => IpcLimit.SemMsl,
            "SemMns" => IpcLimit.SemMns,
            "SemOpm" => IpcLimit.SemOpm,
            "SemMni" => IpcLimit.SemMni,
            "MqueueMsgMax" => IpcLimit.MqueueMsgMax,
            "MqueueMsgsizeMax" => IpcLimit.MqueueMsgsizeMax,
            "MqueueQueuesMax" => IpcLimit.MqueueQueuesMax,
            "RlimitMsgqueue" => IpcLimit.RlimitMsgqueue,
            "RlimitMemlock" => IpcLimit.RlimitMemlock,
            "RlimitNofile" => IpcLimit.RlimitNofile,
            "PipeMaxSize" => IpcLimit.PipeMaxSize,
            "PipeUserPagesSoft" => IpcLimit.PipeUserPagesSoft,
            "PipeUserPagesHard" => IpcLimit.PipeUserPagesHard,
            "RlimitSigpending" => IpcLimit.RlimitSigpending,
            "SoMaxConn" => IpcLimit.SoMaxConn,
            "MaxDgramQlen" => IpcLimit.MaxDgramQlen,
            "ScmMaxFd" => IpcLimit.ScmMaxFd,
            "UnixPathMax" => IpcLimit.UnixPathMax,
            "InotifyMaxUserInstances" => IpcLimit.InotifyMaxUserInstances,
            "InotifyMaxUserWatches" => IpcLimit.InotifyMaxUserWatches,
            "InotifyMaxQueuedEvents" => IpcLimit.InotifyMaxQueuedEvents,
            _ => throw new ArgumentException($"There is no limit called {name}.", nameof(name)),
        };
        string value = limit.Read() switch
        {
            null => "unknown",
            long.MaxValue => "unlimited",
            { } number => number.ToString(CultureInfo.InvariantCulture),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{limit.Name} = {value} ({limit.Source})");
    }
}
