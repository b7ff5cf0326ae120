using PsIpc.Native.Interop;

namespace PsIpc.Native.Handles;

/// <summary>
/// How long files may become by this process: RLIMIT_FSIZE, ulimit -f. Who goes beyond it is sent SIGXFSZ, which ends the process, before the call
/// could fail; so it is asked for first. It holds for files in memory as well.
/// </summary>
internal static class FileSizeLimit
{
    /// <summary>Fails as the call would, if SIGXFSZ were ignored.</summary>
    /// <param name="end">Where the file would end, or what is written to it.</param>
    /// <param name="call">The call that is to follow.</param>
    /// <exception cref="IpcException">EFBIG: that is beyond the limit.</exception>
    internal static unsafe void Check(long end, string call)
    {
        Libc.rlimit limit;
        if (Libc.getrlimit(Libc.RLIMIT_FSIZE, &limit) == 0 && (ulong)end > limit.rlim_cur)
        {
            throw new IpcException(call, Errno.EFBIG);
        }
    }
}
