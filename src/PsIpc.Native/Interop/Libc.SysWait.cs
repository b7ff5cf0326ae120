using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/wait.h</summary>
internal static partial class Libc
{
    internal const int P_ALL = 0;
    internal const int P_PID = 1;
    internal const int P_PGID = 2;
    internal const int P_PIDFD = 3; // Linux 5.4
    internal const int WNOHANG = 1;
    internal const int WEXITED = 4;
    internal const int WNOWAIT = 0x1000000;
    internal const int CLD_EXITED = 1;
    internal const int CLD_DUMPED = 3;

    /// <summary>siginfo_t as SIGCHLD and waitid(2) fill it (si_status), and as sigqueue(3) does (si_value).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct siginfo_t
    {
        [FieldOffset(0)] internal int si_signo;
        [FieldOffset(8)] internal int si_code;
        [FieldOffset(16)] internal int si_pid;
        [FieldOffset(20)] internal uint si_uid;
        [FieldOffset(24)] internal int si_status;
        [FieldOffset(24)] internal nint si_value;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int waitid(int idtype, uint id, siginfo_t* infop, int options);
}
