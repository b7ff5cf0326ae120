namespace PsIpc.Native.Locks;

/// <summary>A range of the bytes of a file, which may lie beyond its end.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Bytes; 0 for all up to the end, however far that may move.</param>
public readonly record struct FileRange(long Start, long Length)
{
    /// <summary>The whole file, whatever its size.</summary>
    public static FileRange Whole => default;

    /// <summary>Whether two ranges have a byte in common.</summary>
    /// <param name="other">The other range.</param>
    public bool Overlaps(FileRange other) => StartsBeforeEndOf(other) && other.StartsBeforeEndOf(this);

    private bool StartsBeforeEndOf(FileRange other) => other.Length == 0 || Start - other.Start < other.Length;
}
