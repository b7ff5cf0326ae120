namespace PsIpc;

/// <summary>The kinds of object that the Ipc cmdlets list and work on.</summary>
public enum IpcKind
{
    /// <summary>A System V message queue: sysvipc(7).</summary>
    SysVMessageQueue,

    /// <summary>A POSIX message queue: mq_overview(7).</summary>
    PosixMessageQueue,
}
