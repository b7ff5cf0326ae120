using System;

namespace PsIpc.Native.Posix;

/// <summary>Names of POSIX message queues: a slash, then 1 to 255 bytes without another slash; see mq_overview(7).</summary>
public static class PosixMessageQueueName
{
    /// <summary>Bytes that may follow the slash (NAME_MAX).</summary>
    public const int MaxLength = 255;

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

        /// <summary>More than 255 bytes after the slash.</summary>
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
}
