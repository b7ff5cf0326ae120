using System.Collections.Generic;
using System.Management.Automation;
using PsIpc.Native;

namespace PsIpc.Errors;

/// <summary>What a user is told for each failure of each call: the one table from (call, errno) to ErrorId and category.</summary>
internal static class ErrorTable
{
    /// <summary>An ErrorId, under which its sentence stands as well, and its category.</summary>
    internal readonly record struct Entry(string ErrorId, ErrorCategory Category);

    // No FrozenDictionary: its assembly would have to be opened first, and one of the errors is that nothing can be opened.
    private static readonly Dictionary<(string Call, Errno Errno), Entry> ByCall =
        new Dictionary<(string, Errno), Entry>
        {
            [("msgget", Errno.ENOENT)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgget", Errno.EEXIST)] = new("QueueExists", ErrorCategory.ResourceExists),
            [("msgget", Errno.ENOSPC)] = new("SysVQueueLimit", ErrorCategory.LimitsExceeded),
            [("msgsnd", Errno.EINVAL)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgsnd", Errno.EIDRM)] = new("QueueRemoved", ErrorCategory.ResourceUnavailable),
            [("msgsnd", Errno.EAGAIN)] = new("QueueFull", ErrorCategory.LimitsExceeded),
            [("msgsnd(msgmax)", Errno.EINVAL)] = new("MessageTooLarge", ErrorCategory.LimitsExceeded),
            [("msgrcv", Errno.EINVAL)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgrcv", Errno.EIDRM)] = new("QueueRemoved", ErrorCategory.ResourceUnavailable),
            [("msgrcv", Errno.E2BIG)] = new("MessageLongerThanMaximum", ErrorCategory.LimitsExceeded),
            [("msgrcv", Errno.ENOSYS)] = new("PeekNotSupported", ErrorCategory.NotImplemented),
            [("msgctl(IPC_STAT)", Errno.EINVAL)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgctl(IPC_STAT)", Errno.EIDRM)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgctl(IPC_SET)", Errno.EINVAL)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgctl(IPC_SET)", Errno.EIDRM)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgctl(IPC_SET msg_qbytes)", Errno.EPERM)] = new("MaxBytesNeedsCapability", ErrorCategory.PermissionDenied),
            [("msgctl(IPC_RMID)", Errno.EINVAL)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("msgctl(IPC_RMID)", Errno.EIDRM)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("mq_open", Errno.ENOENT)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("mq_open", Errno.EEXIST)] = new("QueueExists", ErrorCategory.ResourceExists),
            [("mq_open", Errno.EINVAL)] = new("QueueAttributesTooLarge", ErrorCategory.LimitsExceeded),
            [("mq_open", Errno.EOVERFLOW)] = new("QueueAttributesTooLarge", ErrorCategory.LimitsExceeded),
            [("mq_open", Errno.ENOMEM)] = new("QueueAttributesTooLarge", ErrorCategory.LimitsExceeded),
            [("mq_open", Errno.ENOSPC)] = new("PosixQueueLimit", ErrorCategory.LimitsExceeded),
            [("mq_open(RLIMIT_MSGQUEUE)", Errno.EMFILE)] = new("PosixQueueMemoryLimit", ErrorCategory.LimitsExceeded),
            [("mq_send", Errno.EMSGSIZE)] = new("QueueMessageTooLarge", ErrorCategory.LimitsExceeded),
            [("mq_send", Errno.EAGAIN)] = new("QueueFull", ErrorCategory.LimitsExceeded),
            [("mq_unlink", Errno.ENOENT)] = new("QueueNotFound", ErrorCategory.ObjectNotFound),
            [("mq_notify", Errno.EBUSY)] = new("NotificationTaken", ErrorCategory.ResourceBusy),
            [("mount(mqueue)", Errno.ENOENT)] = new("MqueueNotMounted", ErrorCategory.ResourceUnavailable),
            [("mount(mqueue)", Errno.EINVAL)] = new("MqueueOfOtherNamespace", ErrorCategory.ResourceUnavailable),
            [("open(ns/ipc)", Errno.ENOENT)] = new("ProcessNotFound", ErrorCategory.ObjectNotFound),
            [("open(ns/ipc)", Errno.EACCES)] = new("NamespaceAccessDenied", ErrorCategory.PermissionDenied),
            [("setns", Errno.EPERM)] = new("NamespaceAccessDenied", ErrorCategory.PermissionDenied),
            [("fchown", Errno.EPERM)] = new("OwnerNeedsCapability", ErrorCategory.PermissionDenied),
            [("ftok", Errno.ENOENT)] = new("PathNotFound", ErrorCategory.ObjectNotFound),
            [("ftok", Errno.ENOTDIR)] = new("PathNotFound", ErrorCategory.ObjectNotFound),
            [("ftok", Errno.ENAMETOOLONG)] = new("PathNotFound", ErrorCategory.ObjectNotFound),
            [("ftok", Errno.ELOOP)] = new("PathNotFound", ErrorCategory.ObjectNotFound),
            [("ftok", Errno.EACCES)] = new("PathAccessDenied", ErrorCategory.PermissionDenied),
            [("shmctl(IPC_SET)", Errno.EINVAL)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("shmctl(IPC_SET)", Errno.EIDRM)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("shmctl(IPC_RMID)", Errno.EINVAL)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("shmctl(IPC_RMID)", Errno.EIDRM)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("shmctl(SHM_LOCK)", Errno.EPERM)] = new("MemoryLockDenied", ErrorCategory.PermissionDenied),
            [("shmctl(SHM_LOCK)", Errno.ENOMEM)] = new("MemoryLockLimit", ErrorCategory.LimitsExceeded),
            [("semctl(IPC_SET)", Errno.EINVAL)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("semctl(IPC_SET)", Errno.EIDRM)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("semctl(IPC_RMID)", Errno.EINVAL)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("semctl(IPC_RMID)", Errno.EIDRM)] = new("NotFound", ErrorCategory.ObjectNotFound),
            [("open", Errno.ESTALE)] = new("ObjectReplaced", ErrorCategory.InvalidOperation),
            [("shm_unlink", Errno.ESTALE)] = new("ObjectReplaced", ErrorCategory.InvalidOperation),
            [("sem_unlink", Errno.ESTALE)] = new("ObjectReplaced", ErrorCategory.InvalidOperation),
            [("unlink(fifo)", Errno.ESTALE)] = new("ObjectReplaced", ErrorCategory.InvalidOperation),
            [("unlink(socket)", Errno.ESTALE)] = new("ObjectReplaced", ErrorCategory.InvalidOperation),
            [("unlink(socket bound)", Errno.EBUSY)] = new("SocketInUse", ErrorCategory.ResourceBusy),
            [("connect(socket)", Errno.EACCES)] = new("SocketUseUnknown", ErrorCategory.PermissionDenied),
            [("stat", Errno.ENOENT)] = new("PathMissing", ErrorCategory.ObjectNotFound),
            [("stat", Errno.ENOTDIR)] = new("PathMissing", ErrorCategory.ObjectNotFound),
            [("stat", Errno.EACCES)] = new("PathAccessDenied", ErrorCategory.PermissionDenied),
            [("open(directory)", Errno.EACCES)] = new("DirectoryNotListed", ErrorCategory.PermissionDenied),
            [("open(O_PATH)", Errno.EACCES)] = new("PathAccessDenied", ErrorCategory.PermissionDenied),
            [("open(sysctl)", Errno.EACCES)] = new("LimitNeedsRoot", ErrorCategory.PermissionDenied),
            [("open(sysctl)", Errno.EROFS)] = new("LimitReadOnly", ErrorCategory.PermissionDenied),
            [("write(sysctl)", Errno.EPERM)] = new("LimitNeedsRoot", ErrorCategory.PermissionDenied),
            [("write(sysctl)", Errno.EACCES)] = new("LimitNeedsRoot", ErrorCategory.PermissionDenied),
            [("write(sysctl)", Errno.EINVAL)] = new("LimitValueRefused", ErrorCategory.InvalidArgument),
            [("write(sysctl)", Errno.ERANGE)] = new("LimitValueRefused", ErrorCategory.InvalidArgument),
            [("setrlimit", Errno.EPERM)] = new("ResourceLimitNeedsCapability", ErrorCategory.PermissionDenied),
            [("execve", Errno.ENOENT)] = new("ProgramNotFound", ErrorCategory.ObjectNotFound),
            [("execve", Errno.ENOTDIR)] = new("ProgramNotFound", ErrorCategory.ObjectNotFound),
            [("execve", Errno.ENAMETOOLONG)] = new("ProgramNotFound", ErrorCategory.ObjectNotFound),
            [("execve", Errno.ELOOP)] = new("ProgramNotFound", ErrorCategory.ObjectNotFound),
            [("execve(interpreter)", Errno.ENOENT)] = new("ProgramInterpreterNotFound", ErrorCategory.ObjectNotFound),
            [("execve", Errno.EACCES)] = new("ProgramAccessDenied", ErrorCategory.PermissionDenied),
            [("execve", Errno.ENOEXEC)] = new("ProgramFormatUnknown", ErrorCategory.InvalidData),
            [("execve", Errno.E2BIG)] = new("ArgumentsTooLong", ErrorCategory.LimitsExceeded),
            [("execve", Errno.ETXTBSY)] = new("ProgramBusy", ErrorCategory.ResourceBusy),
            [("chdir", Errno.ENOENT)] = new("DirectoryNotFound", ErrorCategory.ObjectNotFound),
            [("chdir", Errno.ENOTDIR)] = new("DirectoryNotFound", ErrorCategory.ObjectNotFound),
            [("chdir", Errno.ENAMETOOLONG)] = new("DirectoryNotFound", ErrorCategory.ObjectNotFound),
            [("chdir", Errno.ELOOP)] = new("DirectoryNotFound", ErrorCategory.ObjectNotFound),
            [("chdir", Errno.EACCES)] = new("DirectoryAccessDenied", ErrorCategory.PermissionDenied),
            [("posix_spawn", Errno.EAGAIN)] = new("ProcessLimit", ErrorCategory.LimitsExceeded),
            [("timer_create", Errno.EAGAIN)] = new("TimerLimit", ErrorCategory.LimitsExceeded),
        };

    private static readonly Dictionary<Errno, Entry> ByErrno =
        new Dictionary<Errno, Entry>
        {
            [Errno.EACCES] = new("AccessDenied", ErrorCategory.PermissionDenied),
            [Errno.EPERM] = new("AccessDenied", ErrorCategory.PermissionDenied),
            [Errno.ENOENT] = new("NotFound", ErrorCategory.ObjectNotFound),
            [Errno.ESRCH] = new("ProcessNotFound", ErrorCategory.ObjectNotFound),
            [Errno.EMFILE] = new("TooManyOpenFiles", ErrorCategory.LimitsExceeded),
            [Errno.ENFILE] = new("TooManyOpenFilesInSystem", ErrorCategory.LimitsExceeded),
            [Errno.ENOMEM] = new("OutOfMemory", ErrorCategory.ResourceUnavailable),
            [Errno.ENOSYS] = new("NotSupportedByKernel", ErrorCategory.NotImplemented),
        };

    /// <summary>Every entry there is, for the test that each has its sentence.</summary>
    internal static IEnumerable<Entry> All => [.. ByCall.Values, .. ByErrno.Values, new(Other, ErrorCategory.InvalidOperation)];

    private const string Other = "SystemCallFailed";

    internal static Entry Find(IpcException failure) =>
        ByCall.TryGetValue((failure.Call, failure.Errno), out Entry specific) ? specific
        : ByErrno.TryGetValue(failure.Errno, out Entry general) ? general
        : new Entry(Other, ErrorCategory.InvalidOperation);
}
