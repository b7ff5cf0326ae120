using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>Lists directories by their raw names: .NET's own enumeration loses names that are not UTF-8.</summary>
internal static class Directories
{
    /// <summary>Opens a directory; null with errno when that fails.</summary>
    internal static unsafe SafeDescriptor? TryOpen(string path)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            int descriptor = Libc.open(name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
            return descriptor < 0 ? null : new SafeDescriptor(descriptor);
        }
    }

    /// <summary>The names in a directory but for . and .., as bytes with a NUL at the end.</summary>
    internal static List<byte[]> Names(SafeDescriptor directory)
    {
        List<byte[]> names = [];
        Read(directory, (name, _) => names.Add(name));
        return names;
    }

    /// <summary>The same, with what each is (DT_FIFO and so on) where the file system says so without being asked for each.</summary>
    internal static List<(byte[] Name, byte Type)> Entries(SafeDescriptor directory)
    {
        List<(byte[], byte)> entries = [];
        Read(directory, (name, type) => entries.Add((name, type)));
        return entries;
    }

    private static void Read(SafeDescriptor directory, Action<byte[], byte> add)
    {
        nint stream = OpenStream(directory);
        try
        {
            while (Next(stream) is var (name, type))
            {
                if (name is not [(byte)'.', 0] and not [(byte)'.', (byte)'.', 0])
                {
                    add(name, type);
                }
            }
        }
        finally
        {
            _ = Libc.closedir(stream);
        }
    }

    private static unsafe nint OpenStream(SafeDescriptor directory)
    {
        // A descriptor of its own: the stream keeps its place in the description, and closes it in the end.
        int own;
        fixed (byte* self = ".\0"u8)
        {
            own = IpcException.Check(Libc.openat(directory, self, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), "openat");
        }

        nint stream = Libc.fdopendir(own);
        if (stream == 0)
        {
            IpcException failure = IpcException.Last("fdopendir");
            _ = Libc.close(own);
            throw failure;
        }

        return stream;
    }

    private static unsafe (byte[] Name, byte Type)? Next(nint stream)
    {
        byte* entry = Libc.readdir(stream);
        if (entry is null)
        {
            Errno errno = Libc.LastErrno;

            // A process that ends while its directory is read ends the listing, too.
            return errno is 0 or Errno.ENOENT or Errno.ESRCH ? null : throw new IpcException("readdir", errno);
        }

        ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + Libc.dirent_d_name);
        byte[] copy = new byte[name.Length + 1];
        name.CopyTo(copy);
        return (copy, entry[Libc.dirent_d_type]);
    }
}
