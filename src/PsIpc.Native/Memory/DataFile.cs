using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Memory;

/// <summary>A file that memory is copied to or from: a regular one, or a device. Nothing that could be waited for.</summary>
public sealed class DataFile : IDisposable
{
    private readonly SafeDescriptor _descriptor;
    private long _position;

    private DataFile(SafeDescriptor descriptor, in FileStatus status)
    {
        _descriptor = descriptor;
        Identity = status.Identity;
        Length = status.Type == Libc.S_IFREG ? status.Size : null;
    }

    /// <summary>Device and inode.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <summary>Bytes when it was opened; null of a device.</summary>
    public long? Length { get; }

    /// <summary>Whether a call failed on such a file, and not on the memory that is copied.</summary>
    /// <param name="failure">The failure.</param>
    public static bool IsFailure(IpcException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Call.Contains("(data", StringComparison.Ordinal);
    }

    /// <summary>Opens a file to be read.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="IpcException">ENOENT: there is none; EACCES: no permission; EINVAL ("open(data type)"): a directory, FIFO or socket.</exception>
    public static DataFile OpenRead(string path) => Open(path, Libc.O_RDONLY);

    /// <summary>Opens or makes a file to be written to. What is in it stays until <see cref="Empty"/>.</summary>
    /// <param name="path">Where it is, or shall be.</param>
    /// <exception cref="IpcException">ENOENT: no such directory; EACCES: no permission; EINVAL ("open(data type)"): a directory, FIFO or socket.</exception>
    public static DataFile OpenWrite(string path) => Open(path, Libc.O_WRONLY | Libc.O_CREAT);

    /// <summary>Makes a file to be written to.</summary>
    /// <param name="path">Where it shall be.</param>
    /// <exception cref="IpcException">EEXIST ("open(data new)"): there is one; EINVAL ("open(data type)"): there is a directory, FIFO or socket; ENOENT: no such directory; EACCES: no permission.</exception>
    public static DataFile Create(string path) => Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL);

    /// <summary>Takes away what is in a regular file.</summary>
    /// <exception cref="IpcException">It cannot be shortened.</exception>
    public void Empty()
    {
        if (Length is not null)
        {
            _ = IpcException.Check(Libc.ftruncate(_descriptor, 0), "ftruncate(data)");
        }
    }

    /// <summary>Reads the next bytes.</summary>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="IpcException">The disk failed.</exception>
    public unsafe int Read(Span<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            while (true)
            {
                nint count = Libc.read(_descriptor, buffer, (nuint)bytes.Length);
                if (count >= 0 || Libc.LastErrno != Errno.EINTR)
                {
                    return count >= 0 ? (int)count : throw IpcException.Last("read(data)");
                }
            }
        }
    }

    /// <summary>Writes the next bytes.</summary>
    /// <exception cref="IpcException">ENOSPC: the disk is full; EIO: it failed; EFBIG: longer than this process may make files.</exception>
    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        if (Length is not null)
        {
            FileSizeLimit.Check(_position + bytes.Length, "write(data)");
        }

        _position += bytes.Length;
        fixed (byte* buffer = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint count = Libc.write(_descriptor, buffer + done, (nuint)(bytes.Length - done));
                if (count < 0 && Libc.LastErrno != Errno.EINTR)
                {
                    throw IpcException.Last("write(data)");
                }

                done += (int)Math.Max(count, 0);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private static unsafe DataFile Open(string path, int flags)
    {
        const uint everybody = 0x1B6; // 0666: what the umask leaves of it, as for any file
        SafeDescriptor descriptor;
        fixed (byte* name = NativeString.Encode(path))
        {
            int number = Libc.open(name, flags | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, everybody);
            descriptor = number >= 0 ? new SafeDescriptor(number)
                : throw (Libc.LastErrno == Errno.EEXIST ? Existing(path)
                : Libc.LastErrno is Errno.EISDIR or Errno.ENXIO ? new IpcException("open(data type)", Errno.EINVAL) : IpcException.Last("open(data)"));
        }

        FileStatus status = FileStatus.Of(descriptor);
        if (IsRefused(status))
        {
            descriptor.Dispose();
            throw new IpcException("open(data type)", Errno.EINVAL);
        }

        return new DataFile(descriptor, status);
    }

    /// <summary>Why no file can be made where something is: that could be overwritten, or not even that.</summary>
    private static IpcException Existing(string path) =>
        FileStatus.TryGet(path) is { } status && IsRefused(status) ? new IpcException("open(data type)", Errno.EINVAL) : new IpcException("open(data new)", Errno.EEXIST);

    private static bool IsRefused(in FileStatus status) => status.Type is Libc.S_IFDIR or Libc.S_IFIFO or Libc.S_IFSOCK;
}
