using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>errno.h: how a failed call says why.</summary>
internal static partial class Libc
{
    /// <summary>The errno of the call just made; read it before anything else can overwrite it.</summary>
    internal static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();
}
