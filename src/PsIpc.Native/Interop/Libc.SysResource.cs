using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/resource.h</summary>
internal static partial class Libc
{
    internal const int RLIMIT_FSIZE = 1;
    internal const int RLIMIT_NOFILE = 7;
    internal const int RLIMIT_MEMLOCK = 8;
    internal const int RLIMIT_SIGPENDING = 11;
    internal const int RLIMIT_MSGQUEUE = 12;

    [StructLayout(LayoutKind.Sequential)]
    internal struct rlimit
    {
        internal ulong rlim_cur;
        internal ulong rlim_max;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int getrlimit(int resource, rlimit* rlim);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int setrlimit(int resource, rlimit* rlim);
}
