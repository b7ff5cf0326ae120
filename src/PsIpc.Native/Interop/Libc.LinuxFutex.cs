namespace PsIpc.Native.Interop;

/// <summary>linux/futex.h</summary>
internal static partial class Libc
{
    internal const int FUTEX_WAIT = 0;
    internal const int FUTEX_LOCK_PI = 6;
    internal const int FUTEX_WAIT_BITSET = 9;
    internal const int FUTEX_LOCK_PI2 = 13;

    /// <summary>Of one process alone: nobody else can wake it.</summary>
    internal const int FUTEX_PRIVATE_FLAG = 128;
    internal const int FUTEX_CLOCK_REALTIME = 256;
}
