using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>semaphore.h</summary>
internal static partial class Libc
{
    /// <summary>sizeof(sem_t), the same in glibc and musl; what is in it is not.</summary>
    internal const int sem_t_size = 32;

    [LibraryImport(Pthread, SetLastError = true)]
    internal static unsafe partial int sem_init(void* sem, int pshared, uint value);

    [LibraryImport(Pthread, SetLastError = true)]
    internal static unsafe partial int sem_post(void* sem);

    // The next two leave errno for Marshal.GetLastSystemError.

    [LibraryImport(Pthread)]
    internal static unsafe partial int sem_wait(void* sem);

    [LibraryImport(Pthread)]
    internal static unsafe partial int sem_trywait(void* sem);

    [LibraryImport(Pthread, SetLastError = true)]
    internal static unsafe partial int sem_getvalue(void* sem, int* sval);

    /// <summary>Whether the C library is glibc; what else there is keeps its semaphores in other files, in another form.</summary>
    internal static bool IsGlibc => NativeLibrary.TryGetExport(LoadLibc(), "gnu_get_libc_version", out _);
}
