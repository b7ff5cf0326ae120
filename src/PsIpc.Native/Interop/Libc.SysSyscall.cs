using System;
using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>
/// sys/syscall.h, and whatever else has one value on x64 and another on arm64. A test reads the pairs from here and
/// compares each with the headers of its machine.
/// </summary>
internal static partial class Libc
{
    internal static readonly nint SYS_msgsnd = PerMachine(x64: 69, arm64: 189);
    internal static readonly nint SYS_msgrcv = PerMachine(x64: 70, arm64: 188);
    internal static readonly nint SYS_semop = PerMachine(x64: 65, arm64: 193);
    internal static readonly nint SYS_semtimedop = PerMachine(x64: 220, arm64: 192);
    internal static readonly nint SYS_flock = PerMachine(x64: 73, arm64: 32);
    internal static readonly nint SYS_fcntl = PerMachine(x64: 72, arm64: 25);
    internal static readonly nint SYS_connect = PerMachine(x64: 42, arm64: 203);
    internal static readonly nint SYS_sendmsg = PerMachine(x64: 46, arm64: 211);
    internal static readonly nint SYS_recvmsg = PerMachine(x64: 47, arm64: 212);
    internal static readonly nint SYS_accept4 = PerMachine(x64: 288, arm64: 242);
    internal static readonly nint SYS_renameat2 = PerMachine(x64: 316, arm64: 276);
    internal static readonly nint SYS_read = PerMachine(x64: 0, arm64: 63);
    internal static readonly nint SYS_write = PerMachine(x64: 1, arm64: 64);
    internal static readonly nint SYS_openat = PerMachine(x64: 257, arm64: 56);
    internal static readonly nint SYS_preadv2 = PerMachine(x64: 327, arm64: 286);
    internal static readonly nint SYS_pwritev2 = PerMachine(x64: 328, arm64: 287);
    internal static readonly nint SYS_mq_timedsend = PerMachine(x64: 242, arm64: 182);
    internal static readonly nint SYS_mq_timedreceive = PerMachine(x64: 243, arm64: 183);
    internal static readonly nint SYS_mq_notify = PerMachine(x64: 244, arm64: 184);
    internal static readonly nint SYS_futex = PerMachine(x64: 202, arm64: 98);
    internal static readonly nint SYS_wait4 = PerMachine(x64: 61, arm64: 260);
    internal static readonly nint SYS_waitid = PerMachine(x64: 247, arm64: 95);
    internal static readonly nint SYS_gettid = PerMachine(x64: 186, arm64: 178);
    internal static readonly nint SYS_tgkill = PerMachine(x64: 234, arm64: 131);
    internal static readonly nint SYS_statx = PerMachine(x64: 332, arm64: 291);
    internal static readonly nint SYS_pidfd_open = PerMachine(x64: 434, arm64: 434);
    internal static readonly nint SYS_pidfd_send_signal = PerMachine(x64: 424, arm64: 424);
    internal static readonly nint SYS_fsopen = PerMachine(x64: 430, arm64: 430);
    internal static readonly nint SYS_fsconfig = PerMachine(x64: 431, arm64: 431);
    internal static readonly nint SYS_fsmount = PerMachine(x64: 432, arm64: 432);

    internal static readonly int O_DIRECT = PerMachine(x64: 0x4000, arm64: 0x10000);
    internal static readonly int O_DIRECTORY = PerMachine(x64: 0x10000, arm64: 0x4000);
    internal static readonly int O_NOFOLLOW = PerMachine(x64: 0x20000, arm64: 0x8000);
    internal static readonly int O_TMPFILE = PerMachine(x64: 0x410000, arm64: 0x404000);

    private static int PerMachine(int x64, int arm64) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        _ => throw new PlatformNotSupportedException(),
    };
}
