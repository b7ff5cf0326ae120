using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Asks the kernel itself whether anybody has a file open or mapped. It grants a write lease (fcntl(2), F_SETLEASE) only where
/// nobody has - no process of whatever user or namespace, no thread with descriptors of its own, no message that carries a
/// descriptor - so that its answer is worth more than any look into /proc. The lease is given back at once; who opens the file in
/// that very instant waits so long, and a program that opens it without waiting (O_NONBLOCK) is told to try again.
/// </summary>
public static class FileOpeners
{
    /// <summary>
    /// Whether anybody has the file open; null where the kernel does not tell: the caller may not read it or is neither its
    /// owner nor has CAP_LEASE, or its file system has no leases.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">Device and inode that it must have; of another file nothing is said.</param>
    public static unsafe bool? Any(string path, (ulong Device, ulong Inode) identity)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            int descriptor = Libc.open(name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
            if (descriptor < 0)
            {
                return null;
            }

            using SafeDescriptor file = new(descriptor);
            return FileStatus.Of(file) is { Type: Libc.S_IFREG } status && status.Identity == identity ? Any(file) : null;
        }
    }

    /// <summary>Whether anybody else has open what a descriptor refers to, which is open for reading alone.</summary>
    internal static bool? Any(SafeDescriptor file)
    {
        // Who is to give up a lease is told by SIGIO, which ends a process; this signal does nothing unless it is asked for.
        if (Libc.fcntl(file, Libc.F_SETSIG, Libc.SIGURG) < 0)
        {
            return null;
        }

        if (Libc.fcntl(file, Libc.F_SETLEASE, Libc.F_WRLCK) < 0)
        {
            return Libc.LastErrno == Errno.EAGAIN ? true : null;
        }

        _ = Libc.fcntl(file, Libc.F_SETLEASE, Libc.F_UNLCK);
        return false;
    }
}
