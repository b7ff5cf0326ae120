using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/shm.h and sys/sem.h: so far only what tells whether a key is taken.</summary>
internal static partial class Libc
{
    [LibraryImport(C, SetLastError = true)]
    internal static partial int shmget(int key, nuint size, int shmflg);

    [LibraryImport(C, SetLastError = true)]
    internal static partial int semget(int key, int nsems, int semflg);
}
