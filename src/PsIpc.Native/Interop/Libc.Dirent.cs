using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>dirent.h</summary>
internal static partial class Libc
{
    /// <summary>Where d_name begins in the 64-bit struct dirent.</summary>
    internal const int dirent_d_name = 19;

    [LibraryImport(C, SetLastError = true)]
    internal static partial nint fdopendir(int fd);

    /// <summary>Returns NULL at the end, or with errno set.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial byte* readdir(nint dirp);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int closedir(nint dirp);
}
