using System.Collections.Generic;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.SysV;

/// <summary>Keys of System V objects: where they come from, and who has them.</summary>
public static class SysVKey
{
    /// <summary>Makes a key from a file and a number: ftok(3).</summary>
    /// <param name="path">An existing file; only its inode and device count, not its name.</param>
    /// <param name="projectId">1 to 255.</param>
    /// <exception cref="IpcException">The file cannot be examined; see stat(2).</exception>
    public static unsafe int FromFile(string path, byte projectId)
    {
        fixed (byte* name = NativeString.Encode(path))
        {
            return IpcException.Check(Libc.ftok(name, projectId), "ftok");
        }
    }

    /// <summary>Whether two paths are of one file, by links: it has one key, and that is no collision.</summary>
    /// <param name="first">An existing file.</param>
    /// <param name="second">Another path.</param>
    public static bool IsSameFile(string first, string second) =>
        FileStatus.TryGet(first) is { } one && FileStatus.TryGet(second) is { } other && one.Identity == other.Identity;

    /// <summary>The live objects that have a key: at most one of each kind.</summary>
    /// <param name="key">Any number but 0.</param>
    public static IEnumerable<(string Kind, int Id)> Find(int key)
    {
        if (key == 0)
        {
            yield break; // IPC_PRIVATE: looking for it would make three objects
        }

        // Asked for no permission at all, these calls tell everybody the identifier.
        (string, int)[] candidates =
        [
            ("SysVMessageQueue", Libc.msgget(key, 0)),
            ("SysVSharedMemory", Libc.shmget(key, 0, 0)),
            ("SysVSemaphore", Libc.semget(key, 0, 0)),
        ];
        foreach ((string Kind, int Id) candidate in candidates)
        {
            if (candidate.Id >= 0)
            {
                yield return candidate;
            }
        }
    }
}
