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

/// <summary>Names of POSIX objects: a slash, then at least one byte and no other slash; see mq_overview(7), sem_overview(7).</summary>
internal static class PosixName
{
    /// <summary>Examines a name.</summary>
    /// <param name="name">The name, with its slash.</param>
    /// <param name="maxLength">Bytes that may follow the slash.</param>
    internal static PosixNameFault Check(string name, int maxLength)
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
