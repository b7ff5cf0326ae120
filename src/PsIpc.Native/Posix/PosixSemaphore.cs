using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Posix;

/// <summary>An open POSIX named semaphore: a mapping of its file. See sem_overview(7).</summary>
/// <remarks>
/// <para>Files are opened and mapped here instead of by sem_open(3), which maps whatever it finds: an empty or short file then kills the process at
/// the first touch. What is in the mapping is the C library's own business; sem_wait, sem_post and sem_init are its functions. The file has the name,
/// the size and the content that sem_open gives it, so that programs in C share it.</para>
/// <para>glibc and musl have neither the same file names nor the same content: their programs do not understand each other.</para>
/// <para>A file that is cut short while somebody has it open kills him all the same.</para>
/// </remarks>
public sealed class PosixSemaphore : IDisposable
{
    /// <summary>The greatest value that a semaphore can have (SEM_VALUE_MAX).</summary>
    public const int MaxValue = int.MaxValue;

    private readonly SafeMapping _mapping;

    private PosixSemaphore(SafeMapping mapping, (ulong Device, ulong Inode) identity)
    {
        _mapping = mapping;
        Identity = identity;
    }

    /// <summary>Device and inode of the semaphore's file, which tell it from a namesake.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <summary>Makes a semaphore, with exactly the given permission bits. It appears under its name only when it is complete.</summary>
    /// <param name="name">Name, with its slash.</param>
    /// <param name="value">Its value, 0 or more.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">EEXIST: there is one; ENOSPC: /dev/shm is full; EACCES: it may not be written to.</exception>
    public static unsafe PosixSemaphore Create(string name, int value, int mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        const uint ownerOnly = 0x180; // 0600
        using SafeDescriptor file = OpenFile("/dev/shm", Libc.O_TMPFILE | Libc.O_RDWR, ownerOnly, "sem_open(O_CREAT)");
        Reserve(file);
        SafeMapping mapping = SafeMapping.Map(file, Libc.sem_t_size);
        try
        {
            const int shared = 1;
            _ = IpcException.Check(Libc.sem_init(mapping.Address, shared, (uint)value), "sem_init");
            _ = IpcException.Check(Libc.fchmod(file, (uint)mode), "fchmod");
            FileStatus status = FileStatus.Of(file);
            using DescriptorLease lease = new(file);
            fixed (byte* from = NativeString.Encode($"/proc/self/fd/{lease.Value}"))
            fixed (byte* to = NativeString.Encode(PosixSemaphoreName.FileOf(name)))
            {
                _ = IpcException.Check(Libc.linkat(Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, Libc.AT_SYMLINK_FOLLOW), "sem_open(O_CREAT)");
            }

            return new PosixSemaphore(mapping, status.Identity);
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens an existing semaphore, and sets the times of its file: what is done in memory leaves no trace there, and whoever uses it by opening it
    /// each time would have one that nobody has open and that looks as if it had not been used since it was made.
    /// </summary>
    /// <param name="name">Name, with its slash.</param>
    /// <exception cref="IpcException">
    /// ENOENT: there is none; EACCES: no permission, both to read and to write; EINVAL (the call is "sem_open(size)"): the file that has its name is no
    /// semaphore.
    /// </exception>
    public static PosixSemaphore Open(string name)
    {
        using SafeDescriptor file = OpenFile(
            PosixSemaphoreName.FileOf(name), Libc.O_RDWR | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_NOCTTY, 0, "sem_open");
        FileStatus status = FileStatus.Of(file);
        if (status.Type != Libc.S_IFREG || status.Size < Libc.sem_t_size)
        {
            throw new IpcException("sem_open(size)", Errno.EINVAL);
        }

        _ = Libc.futimens(file, 0); // no more than a service to others: a file system that refuses it takes nothing away
        return new PosixSemaphore(SafeMapping.Map(file, Libc.sem_t_size), status.Identity);
    }

    /// <summary>Takes one from the value as soon as it is above 0: sem_wait(3).</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <exception cref="IpcException">The memory is no semaphore.</exception>
    public unsafe WaitStatus Wait(Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        bool held = false;
        try
        {
            _mapping.DangerousAddRef(ref held);
            return waiter.Run(new WaitCall(_mapping.Address), deadline, out _);
        }
        finally
        {
            if (held)
            {
                _mapping.DangerousRelease();
            }
        }
    }

    /// <summary>Adds one to the value, and wakes one who waits: sem_post(3).</summary>
    /// <exception cref="IpcException">EOVERFLOW: the value is the greatest there is.</exception>
    public unsafe void Post()
    {
        bool held = false;
        try
        {
            _mapping.DangerousAddRef(ref held);
            _ = IpcException.Check(Libc.sem_post(_mapping.Address), "sem_post");
        }
        finally
        {
            if (held)
            {
                _mapping.DangerousRelease();
            }
        }
    }

    /// <summary>The value now: sem_getvalue(3).</summary>
    public unsafe int Value
    {
        get
        {
            bool held = false;
            try
            {
                _mapping.DangerousAddRef(ref held);
                int value;
                _ = IpcException.Check(Libc.sem_getvalue(_mapping.Address, &value), "sem_getvalue");
                return value;
            }
            finally
            {
                if (held)
                {
                    _mapping.DangerousRelease();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _mapping.Dispose();

    /// <summary>
    /// Gives the file its size and its page. A page that is first touched in the mapping and cannot be had ends the process; write(2) fails, and
    /// is what sem_open(3) does as well.
    /// </summary>
    private static unsafe void Reserve(SafeDescriptor file)
    {
        const string call = "sem_open(O_CREAT)";
        FileSizeLimit.Check(Libc.sem_t_size, call);
        byte* zeros = stackalloc byte[Libc.sem_t_size];
        new Span<byte>(zeros, Libc.sem_t_size).Clear();
        if (Libc.write(file, zeros, Libc.sem_t_size) != Libc.sem_t_size)
        {
            throw IpcException.Last(call);
        }
    }

    private static unsafe SafeDescriptor OpenFile(string path, int flags, uint mode, string call)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return SafeDescriptor.Checked(Libc.open(name, flags | Libc.O_CLOEXEC, mode), call);
        }
    }

    private readonly unsafe struct WaitCall(void* semaphore) : IBlockingCall
    {
        public static string Name => "sem_wait";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        public nint Invoke(bool block) => block ? Libc.sem_wait(semaphore) : Libc.sem_trywait(semaphore);
    }
}
