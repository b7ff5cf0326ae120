using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>dirent.h</summary>
internal static partial class Libc
{
    internal const byte DT_UNKNOWN = 0;
    internal const byte DT_FIFO = 1;
    internal const byte DT_DIR = 4;
    internal const byte DT_SOCK = 12;

    /// <summary>Where d_type lies in the 64-bit struct dirent.</summary>
    internal const int dirent_d_type = 18;

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
