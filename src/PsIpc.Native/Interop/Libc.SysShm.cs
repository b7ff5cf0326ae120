using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>sys/shm.h</summary>
internal static partial class Libc
{
    internal const int SHM_RDONLY = 0x1000;  // 010000
    internal const int SHM_RND = 0x2000;     // 020000
    internal const int SHM_REMAP = 0x4000;   // 040000
    internal const int SHM_EXEC = 0x8000;    // 0100000
    internal const int SHM_LOCK = 11;
    internal const int SHM_UNLOCK = 12;
    internal const int SHM_INFO = 14;
    internal const int SHM_STAT_ANY = 15;
    internal const int SHM_DEST = 0x200;      // 01000, in shm_perm.mode
    internal const int SHM_LOCKED = 0x400;    // 02000, in shm_perm.mode
    internal const int SHM_HUGETLB = 0x800;   // 04000, for shmget
    internal const int SHM_NORESERVE = 0x1000; // 010000, for shmget

    /// <summary>The same on x64 and arm64.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    internal struct shmid_ds
    {
        [FieldOffset(0)] internal ipc_perm shm_perm;
        [FieldOffset(48)] internal ulong shm_segsz;
        [FieldOffset(56)] internal long shm_atime;
        [FieldOffset(64)] internal long shm_dtime;
        [FieldOffset(72)] internal long shm_ctime;
        [FieldOffset(80)] internal int shm_cpid;
        [FieldOffset(84)] internal int shm_lpid;
        [FieldOffset(88)] internal ulong shm_nattch;
    }

    /// <summary>What SHM_INFO fills in.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    internal struct shm_info
    {
        internal int used_ids;
        internal ulong shm_tot;
        internal ulong shm_rss;
        internal ulong shm_swp;
        internal ulong swap_attempts;
        internal ulong swap_successes;
    }

    /// <summary>What IPC_INFO fills in.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 72)]
    internal struct shminfo
    {
        internal ulong shmmax;
        internal ulong shmmin;
        internal ulong shmmni;
        internal ulong shmseg;
        internal ulong shmall;
    }

    [LibraryImport(C, SetLastError = true)]
    internal static partial int shmget(int key, nuint size, int shmflg);

    /// <summary>Returns (void *) -1 when it fails.</summary>
    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial byte* shmat(int shmid, byte* shmaddr, int shmflg);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int shmdt(byte* shmaddr);

    [LibraryImport(C, SetLastError = true)]
    internal static unsafe partial int shmctl(int shmid, int cmd, void* buf);
}
