using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/sem.h</summary>
internal static partial class Libc
{
    internal const int SEM_UNDO = 0x1000; // 010000
    internal const int GETPID = 11;
    internal const int GETVAL = 12;
    internal const int GETALL = 13;
    internal const int GETNCNT = 14;
    internal const int GETZCNT = 15;
    internal const int SETVAL = 16;
    internal const int SETALL = 17;
    internal const int SEM_INFO = 19;
    internal const int SEM_STAT_ANY = 20;

    /// <summary>One operation of semop.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct sembuf
    {
        internal ushort sem_num;
        internal short sem_op;
        internal short sem_flg;
    }

    /// <summary>With a word of padding behind each time. musl declares sem_nsems as 16 bits and padding; the kernel writes 64.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 104)]
    internal struct semid_ds_x64
    {
        [FieldOffset(0)] internal ipc_perm sem_perm;
        [FieldOffset(48)] internal long sem_otime;
        [FieldOffset(64)] internal long sem_ctime;
        [FieldOffset(80)] internal ulong sem_nsems;
    }

    [StructLayout(LayoutKind.Explicit, Size = 88)]
    internal struct semid_ds_arm64
    {
        [FieldOffset(0)] internal ipc_perm sem_perm;
        [FieldOffset(48)] internal long sem_otime;
        [FieldOffset(56)] internal long sem_ctime;
        [FieldOffset(64)] internal ulong sem_nsems;
    }

    /// <summary>What IPC_INFO and SEM_INFO fill in; with SEM_INFO semusz is the number of sets, semaem that of semaphores.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct seminfo
    {
        internal int semmap;
        internal int semmni;
        internal int semmns;
        internal int semmnu;
        internal int semmsl;
        internal int semopm;
        internal int semume;
        internal int semusz;
        internal int semvmx;
        internal int semaem;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static partial int semget(int key, int nsems, int semflg);

    /// <summary>The last argument, a union semun in C, goes as a word: a value, or the address of what it points to.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static partial int semctl(int semid, int semnum, int cmd, nint arg);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int semop(int semid, sembuf* sops, nuint nsops);

    /// <summary>Its timeout is relative. semop(2) and semtimedop(2) are no cancellation points.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int semtimedop(int semid, sembuf* sops, nuint nsops, timespec* timeout);
}
