using System.Collections.Generic;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <content>The limits there are.</content>
public sealed partial class IpcLimit
{
    private const string Bytes = "bytes";
    private const string Messages = "messages";
    private const string Pages = "pages";
    private const string Resource = "CAP_SYS_RESOURCE";
    private const string SemFile = "/proc/sys/kernel/sem";

    /// <summary>Bytes that a System V message may have.</summary>
    public static IpcLimit MsgMax { get; } = new("kernel.msgmax", "/proc/sys/kernel/msgmax", LimitScope.IpcNamespace, Bytes, null);

    /// <summary>Bytes a new System V queue may hold.</summary>
    public static IpcLimit MsgMnb { get; } = new("kernel.msgmnb", "/proc/sys/kernel/msgmnb", LimitScope.IpcNamespace, Bytes, Resource);

    /// <summary>System V queues in the IPC namespace.</summary>
    public static IpcLimit MsgMni { get; } = new("kernel.msgmni", "/proc/sys/kernel/msgmni", LimitScope.IpcNamespace, "queues", null);

    /// <summary>Bytes that a System V segment may have.</summary>
    public static IpcLimit ShmMax { get; } = new("kernel.shmmax", "/proc/sys/kernel/shmmax", LimitScope.IpcNamespace, Bytes, null);

    /// <summary>Pages of all System V segments of the IPC namespace.</summary>
    public static IpcLimit ShmAll { get; } = new("kernel.shmall", "/proc/sys/kernel/shmall", LimitScope.IpcNamespace, Pages, null);

    /// <summary>System V segments in the IPC namespace.</summary>
    public static IpcLimit ShmMni { get; } = new("kernel.shmmni", "/proc/sys/kernel/shmmni", LimitScope.IpcNamespace, "segments", null);

    /// <summary>Whether a segment goes with its last attachment, removed or not: 1 or 0.</summary>
    public static IpcLimit ShmRmidForced { get; } = new("kernel.shm_rmid_forced", "/proc/sys/kernel/shm_rmid_forced", LimitScope.IpcNamespace, null, null);

    /// <summary>Semaphores of a System V set.</summary>
    public static IpcLimit SemMsl { get; } = new("kernel.sem.semmsl", SemFile, LimitScope.IpcNamespace, "semaphores", null, 0);

    /// <summary>Semaphores of all System V sets of the IPC namespace.</summary>
    public static IpcLimit SemMns { get; } = new("kernel.sem.semmns", SemFile, LimitScope.IpcNamespace, "semaphores", null, 1);

    /// <summary>Operations of one semop.</summary>
    public static IpcLimit SemOpm { get; } = new("kernel.sem.semopm", SemFile, LimitScope.IpcNamespace, "operations", null, 2);

    /// <summary>System V semaphore sets in the IPC namespace.</summary>
    public static IpcLimit SemMni { get; } = new("kernel.sem.semmni", SemFile, LimitScope.IpcNamespace, "sets", null, 3);

    /// <summary>The value of a System V semaphore.</summary>
    public static IpcLimit SemVmx { get; } = new("SEMVMX", "linux/sem.h", "value", 32767);

    /// <summary>Messages that a new POSIX queue may be given room for.</summary>
    public static IpcLimit MqueueMsgMax { get; } = new("fs.mqueue.msg_max", "/proc/sys/fs/mqueue/msg_max", LimitScope.IpcNamespace, Messages, Resource);

    /// <summary>Bytes that a message of a new POSIX queue may be allowed.</summary>
    public static IpcLimit MqueueMsgsizeMax { get; } = new("fs.mqueue.msgsize_max", "/proc/sys/fs/mqueue/msgsize_max", LimitScope.IpcNamespace, Bytes, Resource);

    /// <summary>Messages a new POSIX queue holds when its maker does not say.</summary>
    public static IpcLimit MqueueMsgDefault { get; } = new("fs.mqueue.msg_default", "/proc/sys/fs/mqueue/msg_default", LimitScope.IpcNamespace, Messages, null);

    /// <summary>Bytes of a message of a new POSIX queue when its maker does not say.</summary>
    public static IpcLimit MqueueMsgsizeDefault { get; } =
        new("fs.mqueue.msgsize_default", "/proc/sys/fs/mqueue/msgsize_default", LimitScope.IpcNamespace, Bytes, null);

    /// <summary>POSIX queues in the IPC namespace.</summary>
    public static IpcLimit MqueueQueuesMax { get; } = new("fs.mqueue.queues_max", "/proc/sys/fs/mqueue/queues_max", LimitScope.IpcNamespace, "queues", Resource);

    /// <summary>Bytes of all POSIX queues that a user owns.</summary>
    public static IpcLimit RlimitMsgqueue { get; } = new("RLIMIT_MSGQUEUE", Libc.RLIMIT_MSGQUEUE, LimitScope.User, Bytes);

    /// <summary>Bytes that a process may keep in memory.</summary>
    public static IpcLimit RlimitMemlock { get; } = new("RLIMIT_MEMLOCK", Libc.RLIMIT_MEMLOCK, LimitScope.Process, Bytes);

    /// <summary>Queued signals and timers of a user.</summary>
    public static IpcLimit RlimitSigpending { get; } = new("RLIMIT_SIGPENDING", Libc.RLIMIT_SIGPENDING, LimitScope.User, "signals");

    /// <summary>Descriptors of a process.</summary>
    public static IpcLimit RlimitNofile { get; } = new("RLIMIT_NOFILE", Libc.RLIMIT_NOFILE, LimitScope.Process, "descriptors");

    /// <summary>Bytes that a pipe may be given room for.</summary>
    public static IpcLimit PipeMaxSize { get; } = new("fs.pipe-max-size", "/proc/sys/fs/pipe-max-size", LimitScope.System, Bytes, Resource);

    /// <summary>Pages of all pipes of a user, above which new ones are small.</summary>
    public static IpcLimit PipeUserPagesSoft { get; } = new("fs.pipe-user-pages-soft", "/proc/sys/fs/pipe-user-pages-soft", LimitScope.User, Pages, Resource);

    /// <summary>Pages of all pipes of a user, above which there are no new ones; 0 for no limit.</summary>
    public static IpcLimit PipeUserPagesHard { get; } = new("fs.pipe-user-pages-hard", "/proc/sys/fs/pipe-user-pages-hard", LimitScope.User, Pages, Resource);

    /// <summary>Connections that may wait to be accepted.</summary>
    public static IpcLimit SoMaxConn { get; } =
        new("net.core.somaxconn", "/proc/sys/net/core/somaxconn", LimitScope.NetworkNamespace, "connections", null);

    /// <summary>Datagrams that may wait in a Unix socket.</summary>
    public static IpcLimit MaxDgramQlen { get; } =
        new("net.unix.max_dgram_qlen", "/proc/sys/net/unix/max_dgram_qlen", LimitScope.NetworkNamespace, "datagrams", null);

    /// <summary>Descriptors that one message through a socket may carry.</summary>
    public static IpcLimit ScmMaxFd { get; } =
        new("SCM_MAX_FD", "net/scm.h", "descriptors", 253);

    /// <summary>Bytes of a Unix socket's name.</summary>
    public static IpcLimit UnixPathMax { get; } =
        new("UNIX_PATH_MAX", "linux/un.h", Bytes, 108);

    /// <summary>inotify instances of a user: one for each who watches directories.</summary>
    public static IpcLimit InotifyMaxUserInstances { get; } =
        new("fs.inotify.max_user_instances", "/proc/sys/fs/inotify/max_user_instances", LimitScope.User, "instances", null);

    /// <summary>Directories and files that a user watches by inotify.</summary>
    public static IpcLimit InotifyMaxUserWatches { get; } =
        new("fs.inotify.max_user_watches", "/proc/sys/fs/inotify/max_user_watches", LimitScope.User, "watches", null);

    /// <summary>Events that an inotify instance keeps until they are read.</summary>
    public static IpcLimit InotifyMaxQueuedEvents { get; } =
        new("fs.inotify.max_queued_events", "/proc/sys/fs/inotify/max_queued_events", LimitScope.System, "events", null);

    /// <summary>Every limit, in the order in which they are listed.</summary>
    public static IReadOnlyList<IpcLimit> All { get; } =
    [
        MsgMax, MsgMnb, MsgMni,
        ShmMax, ShmAll, ShmMni, ShmRmidForced,
        SemMsl, SemMns, SemOpm, SemMni, SemVmx,
        MqueueMsgMax, MqueueMsgsizeMax, MqueueMsgDefault, MqueueMsgsizeDefault, MqueueQueuesMax, RlimitMsgqueue,
        PipeMaxSize, PipeUserPagesSoft, PipeUserPagesHard, new("PIPE_BUF", "linux/limits.h", Bytes, 4096),
        SoMaxConn,
        new("net.core.wmem_default", "/proc/sys/net/core/wmem_default", LimitScope.System, Bytes, null),
        new("net.core.wmem_max", "/proc/sys/net/core/wmem_max", LimitScope.System, Bytes, "CAP_NET_ADMIN"),
        new("net.core.rmem_default", "/proc/sys/net/core/rmem_default", LimitScope.System, Bytes, null),
        new("net.core.rmem_max", "/proc/sys/net/core/rmem_max", LimitScope.System, Bytes, "CAP_NET_ADMIN"),
        MaxDgramQlen,
        ScmMaxFd,
        UnixPathMax,
        InotifyMaxUserInstances, InotifyMaxUserWatches, InotifyMaxQueuedEvents,
        new("fs.file-max", "/proc/sys/fs/file-max", LimitScope.System, "files", "CAP_SYS_ADMIN"),
        RlimitNofile, RlimitMemlock, RlimitSigpending,
        new("vm.memfd_noexec", "/proc/sys/vm/memfd_noexec", LimitScope.System, null, null),
    ];
}
