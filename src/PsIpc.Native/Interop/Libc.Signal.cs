using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>signal.h</summary>
internal static partial class Libc
{
    internal const int SIG_UNBLOCK = 1;
    internal const int SIGURG = 23;
    internal const int SIGEV_THREAD = 2;
    internal const int SIGEV_THREAD_ID = 4;
    internal const nint SIG_DFL = 0;
    internal const nint SIG_IGN = 1;
    internal const int SA_SIGINFO = 4;
    internal const int SA_ONSTACK = 0x08000000;
    internal const int SA_RESTART = 0x10000000;

    [StructLayout(LayoutKind.Explicit, Size = 152)]
    internal struct sigaction_t
    {
        [FieldOffset(0)] internal nint sa_handler;
        [FieldOffset(8)] internal sigset_t sa_mask;
        [FieldOffset(136)] internal int sa_flags;
        [FieldOffset(144)] internal nint sa_restorer;
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct sigset_t
    {
        internal ulong first;
    }

    /// <summary>struct sigevent: 64 bytes; sigev_notify_thread_id lies in the union at 16.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct sigevent
    {
        [FieldOffset(0)] internal nint sigev_value;
        [FieldOffset(8)] internal int sigev_signo;
        [FieldOffset(12)] internal int sigev_notify;
        [FieldOffset(16)] internal int sigev_notify_thread_id;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static partial int kill(int pid, int sig);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int sigaction(int signum, sigaction_t* act, sigaction_t* oldact);

    /// <summary>Returns the error number instead of setting errno.</summary>
    [LibraryImport(C)]
    internal static unsafe partial int pthread_sigmask(int how, sigset_t* set, sigset_t* oldset);

    /// <summary>What SIGRTMAX stands for: a function in glibc and in musl.</summary>
    [LibraryImport(C)]
    internal static partial int __libc_current_sigrtmax();
}
