using PsIpc.Native.Locks;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>What lock a set of parameters asks for.</summary>
internal static class LockRange
{
    /// <summary>The request; the kind follows from the range where it is not given.</summary>
    /// <exception cref="LockRefusedException">flock(2) locks whole files.</exception>
    internal static FileLockRequest Request(string path, FileLockKind? kind, long? start, long? length, bool shared, bool create)
    {
        bool hasRange = start is not null || length is not null;
        if (hasRange && kind == FileLockKind.Flock)
        {
            throw new LockRefusedException("FlockHasNoRange");
        }

        FileRange range = new(start ?? 0, length ?? 0);
        return new(path, kind ?? (hasRange ? FileLockKind.OpenFileDescription : FileLockKind.Flock), range, shared, create);
    }
}
