namespace PsIpc.Native.Locks;

/// <summary>The three sorts of advisory lock. The first knows nothing of the other two, which see each other.</summary>
public enum FileLockKind
{
    /// <summary>flock(2): of the whole file, owned by the open file description.</summary>
    Flock,

    /// <summary>F_OFD_SETLK: of a range of bytes, owned by the open file description; see fcntl_locking(2).</summary>
    OpenFileDescription,

    /// <summary>
    /// F_SETLK, the POSIX record lock: of a range of bytes, owned by the process. It goes when the process closes any descriptor of the file.
    /// </summary>
    Record,
}
