using System;

namespace PsIpc.Native.Posix;

/// <summary>A POSIX message queue as the kernel describes it. What the caller may not see is null; see mq_getattr(3), mq_overview(7).</summary>
public sealed record PosixMessageQueueStatus
{
    /// <summary>Name, with its slash.</summary>
    public required string Name { get; init; }

    /// <summary>Owner.</summary>
    public required uint Uid { get; init; }

    /// <summary>Owning group.</summary>
    public required uint Gid { get; init; }

    /// <summary>The nine permission bits.</summary>
    public required int Mode { get; init; }

    /// <summary>Device of the queue's file system; one for each IPC namespace.</summary>
    public required ulong Device { get; init; }

    /// <summary>Inode within the device; identifies the queue among all that ever had its name.</summary>
    public required ulong Inode { get; init; }

    /// <summary>When it was made, or a message last came or went.</summary>
    public required DateTimeOffset ModifyTime { get; init; }

    /// <summary>The same, or when its attributes were changed or its status was read as a file.</summary>
    public required DateTimeOffset ChangeTime { get; init; }

    /// <summary>Messages in the queue; null without read permission.</summary>
    public long? MessageCount { get; init; }

    /// <summary>Messages it holds at most; null without read permission.</summary>
    public long? MaxMessages { get; init; }

    /// <summary>Bytes a message may have at most; null without read permission.</summary>
    public long? MaxMessageSize { get; init; }

    /// <summary>Bytes of data in the queue; null without read permission.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>Who is registered for notification (mq_notify); null when nobody, or without read permission.</summary>
    public int? NotifyPid { get; init; }

    /// <summary>The signal of the notification; null when there is none.</summary>
    public int? NotifySignal { get; init; }
}
