namespace PsIpc.Native.Watching;

/// <summary>Something that happened in a watched directory, or to the watch of it: inotify(7).</summary>
/// <param name="Watch">The watch, as <see cref="DirectoryWatch"/> gave it; -1 of <see cref="DirectoryChangeType.Overflow"/>.</param>
/// <param name="Type">What happened.</param>
/// <param name="IsDirectory">Whether it happened to a directory.</param>
/// <param name="Name">The name in the directory; empty of what happened to the directory itself.</param>
public readonly record struct DirectoryChange(int Watch, DirectoryChangeType Type, bool IsDirectory, string Name);

/// <summary>What happened in a directory.</summary>
public enum DirectoryChangeType
{
    /// <summary>A name that is made, linked, or moved here (IN_CREATE, IN_MOVED_TO). In the latter case it may have been another file's before.</summary>
    Appeared,

    /// <summary>A name that is removed or moved away (IN_DELETE, IN_MOVED_FROM).</summary>
    Disappeared,

    /// <summary>Mode, owner or times of a file were set (IN_ATTRIB).</summary>
    AttributesChanged,

    /// <summary>A file was written to by descriptor, or its size was set (IN_MODIFY). Writing through a mapping tells nobody.</summary>
    Modified,

    /// <summary>The directory itself was moved (IN_MOVE_SELF): its path is another's now, or nobody's.</summary>
    Moved,

    /// <summary>There is no watch any more: the directory was removed, or its file system unmounted (IN_IGNORED).</summary>
    Ended,

    /// <summary>More happened than the kernel keeps (IN_Q_OVERFLOW): what there is must be looked for anew.</summary>
    Overflow,
}
