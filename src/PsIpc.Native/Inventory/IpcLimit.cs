using System;
using System.Globalization;
using System.IO;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>A limit of the system or the process: where it stands and what it is now. See sysvipc(7), mq_overview(7), getrlimit(2).</summary>
public sealed class IpcLimit
{
    private const string ProcessLimits = "/proc/self/limits";
    private readonly int _resource;
    private readonly int _field;

    private IpcLimit(string name, string source, string? capability, int field = 0)
    {
        (Name, Source, Capability, _resource, _field) = (name, source, capability, -1, field);
    }

    private IpcLimit(string name, int resource) =>
        (Name, Source, Capability, _resource) = (name, ProcessLimits, "CAP_SYS_RESOURCE", resource);

    /// <summary>Bytes a System V message may have.</summary>
    public static IpcLimit MsgMax { get; } = new("kernel.msgmax", "/proc/sys/kernel/msgmax", null);

    /// <summary>Bytes a new System V queue may hold.</summary>
    public static IpcLimit MsgMnb { get; } = new("kernel.msgmnb", "/proc/sys/kernel/msgmnb", "CAP_SYS_RESOURCE");

    /// <summary>System V queues in the IPC namespace.</summary>
    public static IpcLimit MsgMni { get; } = new("kernel.msgmni", "/proc/sys/kernel/msgmni", null);

    /// <summary>Semaphores in a System V set.</summary>
    public static IpcLimit SemMsl { get; } = new("SEMMSL of kernel.sem", "/proc/sys/kernel/sem", null, 0);

    /// <summary>System V semaphores in the IPC namespace, of all sets together.</summary>
    public static IpcLimit SemMns { get; } = new("SEMMNS of kernel.sem", "/proc/sys/kernel/sem", null, 1);

    /// <summary>Operations of one semop.</summary>
    public static IpcLimit SemOpm { get; } = new("SEMOPM of kernel.sem", "/proc/sys/kernel/sem", null, 2);

    /// <summary>System V semaphore sets in the IPC namespace.</summary>
    public static IpcLimit SemMni { get; } = new("SEMMNI of kernel.sem", "/proc/sys/kernel/sem", null, 3);

    /// <summary>Messages that a new POSIX queue may be given room for.</summary>
    public static IpcLimit MqueueMsgMax { get; } = new("fs.mqueue.msg_max", "/proc/sys/fs/mqueue/msg_max", "CAP_SYS_RESOURCE");

    /// <summary>Bytes that a message of a new POSIX queue may be allowed.</summary>
    public static IpcLimit MqueueMsgsizeMax { get; } = new("fs.mqueue.msgsize_max", "/proc/sys/fs/mqueue/msgsize_max", "CAP_SYS_RESOURCE");

    /// <summary>Messages a new POSIX queue holds when its maker does not say.</summary>
    public static IpcLimit MqueueMsgDefault { get; } = new("fs.mqueue.msg_default", "/proc/sys/fs/mqueue/msg_default", null);

    /// <summary>Bytes of a message of a new POSIX queue when its maker does not say.</summary>
    public static IpcLimit MqueueMsgsizeDefault { get; } = new("fs.mqueue.msgsize_default", "/proc/sys/fs/mqueue/msgsize_default", null);

    /// <summary>POSIX queues in the IPC namespace.</summary>
    public static IpcLimit MqueueQueuesMax { get; } = new("fs.mqueue.queues_max", "/proc/sys/fs/mqueue/queues_max", "CAP_SYS_RESOURCE");

    /// <summary>Bytes of all POSIX queues that a user owns.</summary>
    public static IpcLimit RlimitMsgqueue { get; } = new("RLIMIT_MSGQUEUE", Libc.RLIMIT_MSGQUEUE);

    /// <summary>Descriptors of a process.</summary>
    public static IpcLimit RlimitNofile { get; } = new("RLIMIT_NOFILE", Libc.RLIMIT_NOFILE);

    /// <summary>Queued signals and timers of a user.</summary>
    public static IpcLimit RlimitSigpending { get; } = new("RLIMIT_SIGPENDING", Libc.RLIMIT_SIGPENDING);

    /// <summary>The name that sysctl(8) or getrlimit(2) has for it.</summary>
    public string Name { get; }

    /// <summary>The file that shows it.</summary>
    public string Source { get; }

    /// <summary>The capability that may exceed or raise it; null when nobody may.</summary>
    public string? Capability { get; }

    /// <summary>The value now; null when it cannot be read, <see cref="long.MaxValue"/> when unlimited.</summary>
    public unsafe long? Read()
    {
        if (_resource >= 0)
        {
            Libc.rlimit limit;
            _ = IpcException.Check(Libc.getrlimit(_resource, &limit), "getrlimit");
            return limit.rlim_cur > long.MaxValue ? long.MaxValue : (long)limit.rlim_cur;
        }

        try
        {
            string[] fields = File.ReadAllText(Source).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return long.TryParse(fields[_field], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // not compiled into this kernel, or /proc is not mounted
        }
    }
}
