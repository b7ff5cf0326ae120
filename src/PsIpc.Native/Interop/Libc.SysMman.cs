using System.Runtime.InteropServices;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Interop;

/// <summary>sys/mman.h</summary>
internal static partial class Libc
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int PROT_EXEC = 4;
    internal const int MAP_SHARED = 1;
    internal const int MAP_PRIVATE = 2;
    internal const uint MFD_CLOEXEC = 1;
    internal const uint MFD_ALLOW_SEALING = 2;
    internal const uint MFD_NOEXEC_SEAL = 8;
    internal const uint MFD_EXEC = 0x10;

    /// <summary>Returns -1 when it fails.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static partial nint mmap(nint addr, nuint length, int prot, int flags, SafeDescriptor fd, long offset);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int munmap(nint addr, nuint length);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int memfd_create(byte* name, uint flags);

    [LibraryImport(Rt, SetLastError = true)]
    internal static unsafe partial int shm_unlink(byte* name);
}
