using System;
using System.IO;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Processes;

/// <summary>Finds programs as execvp(3) does, with the search path that it is given instead of the C library's copy.</summary>
public static class ProgramSearch
{
    /// <summary>
    /// The full path of a program. A name with a slash is a path; any other is looked for in the directories of the search
    /// path, where an empty one stands for the current directory.
    /// </summary>
    /// <param name="name">Name or path.</param>
    /// <param name="directory">What relative paths are relative to.</param>
    /// <param name="searchPath">Directories with colons between, as in PATH.</param>
    /// <exception cref="IpcException">ENOENT: there is none; EACCES: there is a file, but it may not be executed.</exception>
    public static string Find(string name, string directory, string searchPath)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return Check(Path.Combine(directory, name)) is { } errno ? throw new IpcException("execve", errno) : Path.Combine(directory, name);
        }

        Errno failure = Errno.ENOENT;
        foreach (string entry in searchPath.Split(':'))
        {
            string candidate = Path.Combine(directory, entry, name);
            switch (name.Length == 0 ? Errno.ENOENT : Check(candidate))
            {
                case null:
                    return candidate;
                case Errno.EACCES when FileStatus.TryGet(candidate) is not null:
                    failure = Errno.EACCES; // told only when no other directory has one, as execvp does; one that may not be searched tells nothing
                    break;
            }
        }

        throw new IpcException("execve", failure);
    }

    /// <summary>Null where there is a file that may be executed.</summary>
    internal static unsafe Errno? Check(string path)
    {
        if (FileStatus.TryGet(path) is not { } status)
        {
            return Libc.LastErrno;
        }

        fixed (byte* name = NativeString.Encode(path))
        {
            bool executable = (status.Mode & Libc.S_IFMT) == Libc.S_IFREG
                && Libc.faccessat(Libc.AT_FDCWD, name, Libc.X_OK, Libc.AT_EACCESS) == 0;
            return executable ? null : Errno.EACCES;
        }
    }
}
