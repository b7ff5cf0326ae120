using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>linux/nsfs.h and sys/ioctl.h: what a namespace tells of itself.</summary>
internal static unsafe partial class Libc
{
    /// <summary>_IOR(NSIO, 13, __u64), from Linux 6.18 on.</summary>
    internal const uint NS_GET_ID = 0x8008B70D;

    [LibraryImport(C, SetLastError = true)]
    internal static partial int ioctl(SafeDescriptor fd, nuint request, ulong* value);
}
