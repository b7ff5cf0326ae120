using System;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Streams;

/// <summary>
/// A FIFO, found and held without being opened. It is never created nor truncated by being opened, no symbolic link is followed to it, and
/// nothing else is ever opened in its stead: opening a device or another's FIFO may itself do something. See fifo(7).
/// </summary>
public sealed class FifoFile : IDisposable
{
    private const int OwnerOnly = 0x180; // 0600
    private readonly FileObject _file;

    private FifoFile(FileObject file) => _file = file;

    /// <summary>Device and inode.</summary>
    public (ulong Device, ulong Inode) Identity => _file.Identity;

    /// <summary>Makes a FIFO with exactly that mode: for its owner alone at first, then widened; the umask has no part in it.</summary>
    /// <param name="path">Its path, from the root.</param>
    /// <param name="mode">The nine permission bits.</param>
    /// <exception cref="IpcException">mkfifo: EEXIST: there is something of that name; ENOENT: no such directory; EACCES: no permission for it; EROFS; ENOSPC.</exception>
    public static unsafe void Create(string path, int mode)
    {
        FileObject.CheckDescriptors(path);
        fixed (byte* name = NativeString.Encode(path))
        {
            _ = IpcException.Check(Libc.mkfifo(name, OwnerOnly), "mkfifo");
        }

        using FileObject? file = FileObject.TryOpen(path);
        if (file is not { Type: FileObjectType.Fifo })
        {
            throw new IpcException("mkfifo", Errno.ESTALE); // who may write to the directory put something else there at once
        }

        if (file.Mode != mode)
        {
            file.SetMode(mode);
        }
    }

    /// <summary>Finds a FIFO.</summary>
    /// <param name="path">Its path, from the root.</param>
    /// <exception cref="IpcException">
    /// "open(fifo)" ENOENT: there is nothing; ELOOP: it is a symbolic link; EINVAL: it is something else; "open(O_PATH)" EACCES: a directory on the way is closed.
    /// </exception>
    public static FifoFile Find(string path)
    {
        FileObject file = FileObject.TryOpen(path) ?? throw new IpcException("open(fifo)", Errno.ENOENT);
        if (file.Type == FileObjectType.Fifo)
        {
            return new FifoFile(file);
        }

        bool isLink = FileStatus.Of(file.Descriptor).Type == Libc.S_IFLNK;
        file.Dispose();
        throw new IpcException("open(fifo)", isLink ? Errno.ELOOP : Errno.EINVAL);
    }

    /// <summary>Opens it, and waits until somebody has opened the other side: open(2).</summary>
    /// <param name="access">Which way.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait. Without waiting, one who reads gets it whether there is somebody who writes or not.</param>
    /// <param name="descriptor">The opening, which waits when it is read and written; null unless the result is <see cref="WaitStatus.Done"/>.</param>
    /// <exception cref="IpcException">"open(fifo)" ENXIO: nobody reads, and it is not to be waited for; EACCES: no permission; EMFILE.</exception>
    public unsafe WaitStatus Open(StreamAccess access, Waiter waiter, Deadline deadline, out SafeDescriptor? descriptor)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        int flags = access switch
        {
            StreamAccess.Read => Libc.O_RDONLY,
            StreamAccess.Write => Libc.O_WRONLY,
            _ => Libc.O_RDWR,
        };
        using DescriptorLease lease = new(_file.Descriptor);
        fixed (byte* link = NativeString.Encode($"/proc/self/fd/{lease.Value}")) // leads to the very file that was looked at
        {
            if (deadline.IsNoWait)
            {
                descriptor = OpenAtOnce(link, flags);
                return WaitStatus.Done;
            }

            WaitStatus status = waiter.Run(new OpenCall(link, flags), deadline, out nint result);
            descriptor = status == WaitStatus.Done ? new SafeDescriptor((int)result) : null;
            return status;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>An opening that never waits: poll(2) tells it of nobody's end before somebody has come to write since it was made.</summary>
    internal unsafe SafeDescriptor OpenForNextWriter()
    {
        using DescriptorLease lease = new(_file.Descriptor);
        fixed (byte* link = NativeString.Encode($"/proc/self/fd/{lease.Value}"))
        {
            return SafeDescriptor.Checked(Libc.open(link, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0), OpenCall.Name);
        }
    }

    private static unsafe SafeDescriptor OpenAtOnce(byte* link, int flags)
    {
        SafeDescriptor opened = SafeDescriptor.Checked(Libc.open(link, flags | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0), OpenCall.Name);
        try
        {
            _ = IpcException.Check(Libc.fcntl(opened, Libc.F_SETFL, 0), "fcntl(F_SETFL)"); // only the opening was not to wait
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private readonly unsafe struct OpenCall(byte* path, int flags) : IBlockingCall
    {
        public static string Name => "open(fifo)";

        public static bool IsWouldBlock(Errno errno) => errno == Errno.EAGAIN;

        /// <summary>Without blocking a reader would get it with nobody at the other side, so a deadline is left to the timer.</summary>
        public nint Invoke(bool block)
        {
            if (block)
            {
                return Libc.blocking_open(path, flags | Libc.O_CLOEXEC, 0);
            }

            Marshal.SetLastSystemError((int)Errno.EAGAIN);
            return -1;
        }
    }
}
