using System;
using System.Collections.Generic;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>Finds FIFOs and sockets in a directory and all below it. No symbolic link is followed.</summary>
public static class FileTree
{
    /// <summary>The FIFOs and sockets under a path, or the one that it leads to itself.</summary>
    /// <param name="root">A directory, or a file.</param>
    /// <param name="refused">Is told of each directory that may not be listed.</param>
    /// <param name="isStopped">Is asked before each directory whether to go on.</param>
    /// <exception cref="IpcException">ENOENT: there is no such path.</exception>
    public static IEnumerable<(string Path, FileObjectType Type)> Find(string root, Action<string, IpcException> refused, Func<bool> isStopped)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(refused);
        ArgumentNullException.ThrowIfNull(isStopped);
        if (FileStatus.TryGet(root, follow: false) is not { } status)
        {
            throw IpcException.Last("stat");
        }

        if (FileObject.TypeOf(status) is FileObjectType.Fifo or FileObjectType.Socket)
        {
            yield return (root, FileObject.TypeOf(status));
        }

        Stack<string> directories = new();
        if (FileStatus.TryGet(root)?.Type == Libc.S_IFDIR) // the root itself may be a link
        {
            directories.Push(root == "/" ? "" : root.TrimEnd('/'));
        }

        while (!isStopped() && directories.TryPop(out string? directory))
        {
            foreach (FoundFile entry in List(directory, refused))
            {
                if (entry.IsDirectory)
                {
                    directories.Push(entry.Path);
                }
                else
                {
                    yield return (entry.Path, entry.Type);
                }
            }
        }
    }

    /// <summary>Directories, FIFOs and sockets alone: of others, most file systems say what they are without being asked for each.</summary>
    /// <param name="opened">The directory.</param>
    /// <param name="directory">What the names in it are to be put behind.</param>
    internal static List<FoundFile> List(SafeDescriptor opened, string directory)
    {
        List<FoundFile> found = [];
        foreach ((byte[] name, byte type) in Directories.Entries(opened))
        {
            if (type is Libc.DT_UNKNOWN or Libc.DT_DIR or Libc.DT_FIFO or Libc.DT_SOCK
                && StatusAt(opened, name) is { Type: Libc.S_IFDIR or Libc.S_IFIFO or Libc.S_IFSOCK } status)
            {
                found.Add(new FoundFile($"{directory}/{NativeString.Decode(name.AsSpan()[..^1])}", FileObject.TypeOf(status), status.Type == Libc.S_IFDIR));
            }
        }

        return found;
    }

    private static List<FoundFile> List(string directory, Action<string, IpcException> refused)
    {
        try
        {
            using SafeDescriptor? opened = Directories.TryOpen(directory.Length == 0 ? "/" : directory);
            return opened is null ? throw IpcException.Last("open(directory)") : List(opened, directory);
        }
        catch (IpcException e)
        {
            if (e.Errno is not (Errno.ENOENT or Errno.ENOTDIR))
            {
                refused(directory, e);
            }
        }

        return [];
    }

    private static unsafe FileStatus? StatusAt(SafeDescriptor directory, byte[] name)
    {
        fixed (byte* bytes = name)
        {
            return FileStatus.TryGetAt(directory, bytes, follow: false);
        }
    }
}
