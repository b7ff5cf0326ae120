using PsIpc.Native.Locks;

namespace PsIpc.Runtime;

/// <summary>A lock that is asked for.</summary>
/// <param name="Path">The file, as its full path.</param>
/// <param name="Kind">The kind of lock.</param>
/// <param name="Range">Which bytes.</param>
/// <param name="IsShared">Shared, or else exclusive.</param>
/// <param name="Create">Whether the file is made where there is none.</param>
internal readonly record struct FileLockRequest(string Path, FileLockKind Kind, FileRange Range, bool IsShared, bool Create);
