using System;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Posix;

/// <summary>Names of POSIX semaphores: a slash, then 1 to 251 bytes without another slash; see sem_overview(7).</summary>
public static class PosixSemaphoreName
{
    /// <summary>Bytes that may follow the slash: NAME_MAX without the "sem." that glibc puts before them.</summary>
    public const int MaxLength = 251;

    /// <summary>What comes before the name. Asked once: to look for a function of the C library takes longer than sem_post.</summary>
    private static readonly string Prefix = Libc.IsGlibc ? "/dev/shm/sem." : "/dev/shm/";

    /// <summary>What is wrong with a name.</summary>
    public enum Fault
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>It does not begin with a slash.</summary>
        NoLeadingSlash,

        /// <summary>Nothing follows the slash, or only a dot or two.</summary>
        Empty,

        /// <summary>A second slash.</summary>
        SecondSlash,

        /// <summary>More than 251 bytes after the slash.</summary>
        TooLong,

        /// <summary>It holds a NUL.</summary>
        Nul,
    }

    /// <summary>Examines a name.</summary>
    /// <param name="name">The name, with its slash.</param>
    public static Fault Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !name.StartsWith('/') ? Fault.NoLeadingSlash
            : name is "/" or "/." or "/.." ? Fault.Empty
            : name.Contains('\0', StringComparison.Ordinal) ? Fault.Nul
            : name.LastIndexOf('/') > 0 ? Fault.SecondSlash
            : NativeString.Encode(name).Length - 2 > MaxLength ? Fault.TooLong
            : Fault.None;
    }

    /// <summary>The file in which this process's C library keeps a semaphore.</summary>
    /// <param name="name">Its name, with its slash.</param>
    internal static string FileOf(string name) => Prefix + name[1..];
}
