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
            [("semget", Errno.ENOENT)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semget(IPC_CREAT)", Errno.EEXIST)] = new("SemaphoreExists", ErrorCategory.ResourceExists),
            [("semget(IPC_CREAT)", Errno.ENOSPC)] = new("SysVSemaphoreLimit", ErrorCategory.LimitsExceeded),
            [("semget(IPC_CREAT)", Errno.EINVAL)] = new("SemaphoreSetTooLarge", ErrorCategory.LimitsExceeded),
            [("semop", Errno.EINVAL)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semop", Errno.EIDRM)] = new("SemaphoreRemoved", ErrorCategory.ResourceUnavailable),
            [("semop", Errno.EFBIG)] = new("SemaphoreIndexTooLarge", ErrorCategory.InvalidArgument),
            [("semop", Errno.ERANGE)] = new("SemaphoreValueTooLarge", ErrorCategory.LimitsExceeded),
            [("semop", Errno.E2BIG)] = new("SemaphoreTooManyOperations", ErrorCategory.LimitsExceeded),
            [("semop", Errno.ENOSPC)] = new("SemaphoreUndoLimit", ErrorCategory.LimitsExceeded),
            [("semctl(IPC_STAT)", Errno.EINVAL)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semctl(IPC_STAT)", Errno.EIDRM)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semctl(SETALL)", Errno.EINVAL)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semctl(SETALL)", Errno.EIDRM)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semctl(SETALL)", Errno.ERANGE)] = new("SemaphoreValueTooLarge", ErrorCategory.LimitsExceeded),
            [("semctl(SETVAL)", Errno.EINVAL)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semctl(SETVAL)", Errno.EIDRM)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("semctl(SETVAL semnum)", Errno.EINVAL)] = new("SemaphoreIndexTooLarge", ErrorCategory.InvalidArgument),
            [("sem_open", Errno.ENOENT)] = new("SemaphoreNotFound", ErrorCategory.ObjectNotFound),
            [("sem_open", Errno.ELOOP)] = new("SemaphoreInvalid", ErrorCategory.InvalidData),
            [("sem_open(size)", Errno.EINVAL)] = new("SemaphoreInvalid", ErrorCategory.InvalidData),
            [("sem_open(O_CREAT)", Errno.EEXIST)] = new("SemaphoreExists", ErrorCategory.ResourceExists),
            [("sem_open(O_CREAT)", Errno.ENOENT)] = new("SharedMemoryNotMounted", ErrorCategory.ResourceUnavailable),
            [("sem_open(O_CREAT)", Errno.ENOSPC)] = new("SharedMemoryFull", ErrorCategory.LimitsExceeded),
            [("sem_post", Errno.EOVERFLOW)] = new("SemaphoreValueTooLarge", ErrorCategory.LimitsExceeded),
            [("open(lock)", Errno.ENOENT)] = new("LockFileNotFound", ErrorCategory.ObjectNotFound),
            [("open(lock)", Errno.ENOTDIR)] = new("LockFileNotFound", ErrorCategory.ObjectNotFound),
            [("open(lock)", Errno.ENAMETOOLONG)] = new("LockFileNotFound", ErrorCategory.ObjectNotFound),
            [("open(lock)", Errno.ELOOP)] = new("LockFileIsLink", ErrorCategory.InvalidArgument),
            [("open(lock)", Errno.EACCES)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("open(lock)", Errno.EPERM)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("open(lock)", Errno.EROFS)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("open(lock)", Errno.ETXTBSY)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("open(lock file)", Errno.EINVAL)] = new("LockFileNotRegular", ErrorCategory.InvalidArgument),
            [("flock", Errno.EBADF)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("flock", Errno.ENOLCK)] = new("TooManyLocks", ErrorCategory.LimitsExceeded),
            [("fcntl(F_OFD_SETLK)", Errno.EBADF)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("fcntl(F_OFD_SETLK)", Errno.EINVAL)] = new("LockRangeTooLarge", ErrorCategory.InvalidArgument),
            [("fcntl(F_OFD_SETLK)", Errno.EOVERFLOW)] = new("LockRangeTooLarge", ErrorCategory.InvalidArgument),
            [("fcntl(F_OFD_SETLK)", Errno.ENOLCK)] = new("TooManyLocks", ErrorCategory.LimitsExceeded),
            [("fcntl(F_OFD_GETLK)", Errno.EINVAL)] = new("LockRangeTooLarge", ErrorCategory.InvalidArgument),
            [("fcntl(F_OFD_GETLK)", Errno.EOVERFLOW)] = new("LockRangeTooLarge", ErrorCategory.InvalidArgument),
            [("fcntl(F_SETLK)", Errno.EBADF)] = new("LockFileAccessDenied", ErrorCategory.PermissionDenied),
            [("fcntl(F_SETLK)", Errno.EINVAL)] = new("LockRangeTooLarge", ErrorCategory.InvalidArgument),
            [("fcntl(F_SETLK)", Errno.EOVERFLOW)] = new("LockRangeTooLarge", ErrorCategory.InvalidArgument),
            [("fcntl(F_SETLK)", Errno.ENOLCK)] = new("TooManyLocks", ErrorCategory.LimitsExceeded),
            [("fcntl(F_SETLK)", Errno.EDEADLK)] = new("LockDeadlock", ErrorCategory.DeadlockDetected),
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
