using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/inotify.h</summary>
internal static partial class Libc
{
    internal const int IN_CLOEXEC = O_CLOEXEC;
    internal const int IN_NONBLOCK = O_NONBLOCK;
    internal const uint IN_ATTRIB = 0x4;
    internal const uint IN_DELETE_SELF = 0x400;
    internal const uint IN_MOVE_SELF = 0x800;

    [LibraryImport(C, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int inotify_add_watch(SafeDescriptor fd, byte* pathname, uint mask);
}
