using System.Runtime.InteropServices;

namespace PsIpc.Native.Interop;

/// <summary>spawn.h. Its functions return the error number instead of setting errno.</summary>
internal static partial class Libc
{
    internal const short POSIX_SPAWN_SETSIGDEF = 4;
    internal const short POSIX_SPAWN_SETSIGMASK = 8;

    /// <summary>Opaque, and of one size in glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 336)]
    internal struct posix_spawnattr_t
    {
        private long _opaque;
    }

    /// <summary>Opaque, and of one size in glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 80)]
    internal struct posix_spawn_file_actions_t
    {
        private long _opaque;
    }

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn(
        int* pid, byte* path, posix_spawn_file_actions_t* file_actions, posix_spawnattr_t* attrp, byte** argv, byte** envp);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawnattr_init(posix_spawnattr_t* attr);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawnattr_destroy(posix_spawnattr_t* attr);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawnattr_setflags(posix_spawnattr_t* attr, short flags);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawnattr_setsigdefault(posix_spawnattr_t* attr, sigset_t* sigdefault);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawnattr_setsigmask(posix_spawnattr_t* attr, sigset_t* sigmask);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn_file_actions_init(posix_spawn_file_actions_t* file_actions);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t* file_actions);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* file_actions, int fd, int newfd);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t* file_actions, int fd);

    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn_file_actions_addopen(
        posix_spawn_file_actions_t* file_actions, int fildes, byte* path, int oflag, uint mode);

    /// <summary>glibc 2.29 and later, musl 1.1.24 and later.</summary>
    [LibraryImport(C)]
    internal static unsafe partial int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t* file_actions, byte* path);
}
