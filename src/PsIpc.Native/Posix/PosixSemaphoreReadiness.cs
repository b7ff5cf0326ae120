using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Posix;

/// <summary>
/// Waits for the value of a POSIX semaphore. sem_post(3) wakes those alone that the semaphore itself counts as its waiters, and one of them for
/// each; so its value is looked at, which takes read permission only.
/// </summary>
public sealed class PosixSemaphoreReadiness : ReadinessSource
{
    private readonly SafeDescriptor _file;
    private readonly WaitCondition _condition;

    private PosixSemaphoreReadiness(SafeDescriptor file, WaitCondition condition) => (_file, _condition) = (file, condition);

    /// <summary>Opens the semaphore's file.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="condition">Readable: above 0. Zero: 0.</param>
    /// <exception cref="IpcException">"sem_open" ENOENT, EACCES; "sem_open(size)" EINVAL: the file is no semaphore.</exception>
    public static unsafe PosixSemaphoreReadiness Open(string name, WaitCondition condition)
    {
        const int flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        fixed (byte* path = NativeString.Encode(PosixSemaphoreName.FileOf(name)))
        {
            SafeDescriptor file = SafeDescriptor.Checked(Libc.open(path, flags | Libc.O_NOFOLLOW, 0), "sem_open");
            if (FileStatus.Of(file) is { Type: Libc.S_IFREG, Size: >= Libc.sem_t_size })
            {
                return new PosixSemaphoreReadiness(file, condition);
            }

            file.Dispose();
            throw new IpcException("sem_open(size)", Errno.EINVAL);
        }
    }

    /// <summary>Device and inode of the semaphore's file.</summary>
    public (ulong Device, ulong Inode) Identity => FileStatus.Of(_file).Identity;

    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.Look;

    /// <inheritdoc/>
    /// <exception cref="IpcException">"sem_wait" EIDRM: its name was removed, or its file cut short.</exception>
    public override unsafe bool IsReady(DescriptorEvents found, long look)
    {
        // The value is in the lower half of glibc's first word and in musl's first int, where the sign is a mark of its own.
        int value;
        return Libc.pread(_file, (byte*)&value, sizeof(int), 0) != sizeof(int) || FileStatus.Of(_file).Links == 0
            ? throw new IpcException("sem_wait", Errno.EIDRM)
            : ((value & int.MaxValue) == 0) == (_condition == WaitCondition.Zero);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
