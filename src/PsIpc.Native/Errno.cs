#pragma warning disable CA1008, CA1028, CA1707, CA1712 // The kernel's own names and numbers.

namespace PsIpc.Native;

/// <summary>Error numbers of Linux as x64 and arm64 share them (errno(3)); each is named as the man pages name it.</summary>
public enum Errno
{
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,

    /// <summary>No such file or directory; no such object.</summary>
    ENOENT = 2,

    /// <summary>No such process.</summary>
    ESRCH = 3,

    /// <summary>Interrupted by a signal.</summary>
    EINTR = 4,

    /// <summary>Input/output error.</summary>
    EIO = 5,

    /// <summary>No such device or address; a FIFO without reader.</summary>
    ENXIO = 6,

    /// <summary>Argument list too long; a message too long for the buffer.</summary>
    E2BIG = 7,

    /// <summary>The file has no format that can be executed.</summary>
    ENOEXEC = 8,

    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,

    /// <summary>No child processes.</summary>
    ECHILD = 10,

    /// <summary>Try again: the call would block.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied.</summary>
    EACCES = 13,

    /// <summary>Bad address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>File or object exists.</summary>
    EEXIST = 17,

    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,

    /// <summary>Is a directory.</summary>
    EISDIR = 21,

    /// <summary>Invalid argument; a System V id that no longer exists.</summary>
    EINVAL = 22,

    /// <summary>Too many open files on the system.</summary>
    ENFILE = 23,

    /// <summary>Too many open files in the process.</summary>
    EMFILE = 24,

    /// <summary>A program that runs cannot be written to.</summary>
    ETXTBSY = 26,

    /// <summary>File too large; an index beyond a set of semaphores.</summary>
    EFBIG = 27,

    /// <summary>No space left; a limit on the number of objects is reached.</summary>
    ENOSPC = 28,

    /// <summary>Read-only file system.</summary>
    EROFS = 30,

    /// <summary>Nobody is left who reads.</summary>
    EPIPE = 32,

    /// <summary>Result out of range.</summary>
    ERANGE = 34,

    /// <summary>To wait would be to wait for ever: a deadlock.</summary>
    EDEADLK = 35,

    /// <summary>File name too long.</summary>
    ENAMETOOLONG = 36,

    /// <summary>No more locks to be had.</summary>
    ENOLCK = 37,

    /// <summary>System call not available.</summary>
    ENOSYS = 38,

    /// <summary>Too many symbolic links.</summary>
    ELOOP = 40,

    /// <summary>No message of the desired type.</summary>
    ENOMSG = 42,

    /// <summary>The object was removed.</summary>
    EIDRM = 43,

    /// <summary>Value too large for its type.</summary>
    EOVERFLOW = 75,

    /// <summary>Message too long.</summary>
    EMSGSIZE = 90,

    /// <summary>The socket is of another type.</summary>
    EPROTOTYPE = 91,

    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,

    /// <summary>The wait timed out.</summary>
    ETIMEDOUT = 110,

    /// <summary>Nobody listens there.</summary>
    ECONNREFUSED = 111,

    /// <summary>The file is not the one that was meant any more.</summary>
    ESTALE = 116,
}
