using PsIpc.Native.Interop;

namespace PsIpc.Native.Posix;

/// <summary>Names of POSIX semaphores: a slash, then 1 to 251 bytes without another slash; see sem_overview(7).</summary>
public static class PosixSemaphoreName
{
    /// <summary>Bytes that may follow the slash: NAME_MAX without the "sem." that glibc puts before them.</summary>
    public const int MaxLength = 251;

    /// <summary>What comes before the name. Asked once: to look for a function of the C library takes longer than sem_post.</summary>
    private static readonly string Prefix = Libc.IsGlibc ? "/dev/shm/sem." : "/dev/shm/";

    /// <summary>Examines a name.</summary>
    /// <param name="name">The name, with its slash.</param>
    public static PosixNameFault Check(string name) => PosixName.Check(name, MaxLength);

    /// <summary>The file in which this process's C library keeps a semaphore.</summary>
    /// <param name="name">Its name, with its slash.</param>
    internal static string FileOf(string name) => Prefix + name[1..];
}
