namespace PsIpc.Native.Posix;

/// <summary>Names of POSIX message queues: a slash, then 1 to 255 bytes without another slash; see mq_overview(7).</summary>
public static class PosixMessageQueueName
{
    /// <summary>Bytes that may follow the slash (NAME_MAX).</summary>
    public const int MaxLength = 255;

    /// <summary>Examines a name.</summary>
    /// <param name="name">The name, with its slash.</param>
    public static PosixNameFault Check(string name) => PosixName.Check(name, MaxLength);
}
