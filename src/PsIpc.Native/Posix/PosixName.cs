using System;

namespace PsIpc.Native.Posix;

/// <summary>What is wrong with the name of a POSIX object.</summary>
public enum PosixNameFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It does not begin with a slash.</summary>
    NoLeadingSlash,

    /// <summary>Nothing follows the slash, or only a dot or two.</summary>
    Empty,

    /// <summary>A second slash.</summary>
    SecondSlash,

    /// <summary>More bytes after the slash than the kind of object allows.</summary>
    TooLong,

    /// <summary>It holds a NUL.</summary>
    Nul,
}

/// <summary>
/// Names of POSIX message queues and shared memory objects: a slash, then 1 to 255 bytes without another slash; see
/// mq_overview(7), shm_overview(7). Those of semaphores may be shorter only.
/// </summary>
public static class PosixName
{
    /// <summary>Bytes that may follow the slash (NAME_MAX).</summary>
    public const int MaxLength = 255;

    /// <summary>Examines a name.</summary>
    /// <param name="name">The name, with its slash.</param>
    /// <param name="maxLength">Bytes that may follow the slash.</param>
    public static PosixNameFault Check(string name, int maxLength = MaxLength)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !name.StartsWith('/') ? PosixNameFault.NoLeadingSlash
            : name is "/" or "/." or "/.." ? PosixNameFault.Empty
            : name.Contains('\0', StringComparison.Ordinal) ? PosixNameFault.Nul
            : name.LastIndexOf('/') > 0 ? PosixNameFault.SecondSlash
            : NativeString.Encode(name).Length - 2 > maxLength ? PosixNameFault.TooLong
            : PosixNameFault.None;
    }
}
