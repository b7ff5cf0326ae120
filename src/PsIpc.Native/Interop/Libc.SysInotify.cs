using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/inotify.h</summary>
internal static partial class Libc
{
    internal const int IN_CLOEXEC = O_CLOEXEC;
    internal const int IN_NONBLOCK = O_NONBLOCK;
    internal const uint IN_MODIFY = 0x2;
    internal const uint IN_ATTRIB = 0x4;
    internal const uint IN_MOVED_FROM = 0x40;
    internal const uint IN_MOVED_TO = 0x80;
    internal const uint IN_CREATE = 0x100;
    internal const uint IN_DELETE = 0x200;
    internal const uint IN_DELETE_SELF = 0x400;
    internal const uint IN_MOVE_SELF = 0x800;
    internal const uint IN_UNMOUNT = 0x2000;
    internal const uint IN_Q_OVERFLOW = 0x4000;
    internal const uint IN_IGNORED = 0x8000;
    internal const uint IN_ONLYDIR = 0x1000000;
    internal const uint IN_ISDIR = 0x40000000;

    /// <summary>What precedes each name: the name itself follows, padded with NULs to len bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct inotify_event
    {
        internal int wd;
        internal uint mask;
        internal uint cookie;
        internal uint len;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int inotify_add_watch(SafeDescriptor fd, byte* pathname, uint mask);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int inotify_rm_watch(SafeDescriptor fd, int wd);
}
