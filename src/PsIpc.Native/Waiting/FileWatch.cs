using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>Tells when one of several files may have lost a name: inotify(7). One descriptor serves all, because a user may have few of them (128).</summary>
internal sealed class FileWatch : IDisposable
{
    private readonly SafeDescriptor _inotify;

    private FileWatch(SafeDescriptor inotify) => _inotify = inotify;

    /// <summary>Readable when something happened to one of the files.</summary>
    internal SafeDescriptor Descriptor => _inotify;

    /// <summary>Null where there is none to be had: too many descriptors, too many instances.</summary>
    internal static FileWatch? TryCreate()
    {
        SafeDescriptor inotify = new(Libc.inotify_init1(Libc.IN_CLOEXEC | Libc.IN_NONBLOCK));
        if (!inotify.IsInvalid)
        {
            return new FileWatch(inotify);
        }

        inotify.Dispose();
        return null;
    }

    /// <summary>Watches a file; false where that may not be: it takes read permission for it, and a user may have only so many watches.</summary>
    /// <remarks>
    /// By the link of its descriptor, which leads to the very file, and need not stay open: the watch keeps the inode, so that its number is no other
    /// file's. The loss of a name is a change of attributes (the number of links), which is told a moment before the name is free; IN_DELETE_SELF
    /// comes afterwards, but only when nobody has the file open.
    /// </remarks>
    internal unsafe bool TryAdd(SafeDescriptor file)
    {
        using DescriptorLease lease = new(file);
        fixed (byte* link = NativeString.Encode($"/proc/self/fd/{lease.Value}"))
        {
            return Libc.inotify_add_watch(_inotify, link, Libc.IN_ATTRIB | Libc.IN_MOVE_SELF | Libc.IN_DELETE_SELF) >= 0;
        }
    }

    /// <summary>Takes what has happened; which file it was does not matter, for all are looked at.</summary>
    internal unsafe void Drain()
    {
        const int length = 4096;
        byte* buffer = stackalloc byte[length];
        while (Libc.read(_inotify, buffer, length) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _inotify.Dispose();
}
