using System;
using System.Collections.Generic;
using System.Globalization;

namespace PsIpc;

/// <summary>A POSIX message queue; see mq_overview(7). What its permissions hide from the caller is null.</summary>
public sealed class PosixMessageQueue : IpcObject, Columns.IMessageQueue
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.PosixMessageQueue);

    /// <summary>Messages in it.</summary>
    public long? MessageCount { get; internal set; }

    /// <summary>Messages it holds at most.</summary>
    public long? MaxMessages { get; internal set; }

    /// <summary>Bytes that a message may have at most.</summary>
    public long? MaxMessageSize { get; internal set; }

    /// <summary>Bytes of data in it.</summary>
    public long? UsedBytes { get; internal set; }

    /// <summary>The process registered for notification (mq_notify); null when there is none.</summary>
    public int? NotifyPid { get; internal set; }

    /// <summary>The signal that the notification sends; null when there is none.</summary>
    public int? NotifySignal { get; internal set; }

    /// <summary>When it was made, or a message last came or went, in local time.</summary>
    public DateTime? ModifyTime { get => Times.Local(field); internal set; }

    /// <summary>The same, or when its attributes were changed or its status was read, as a listing of all queues does, in local time.</summary>
    public DateTime? ChangeTime { get => Times.Local(field); internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => ModifyTime; // a listing moves the other

    string Columns.IMessageQueue.RoomText => HumanSize.Format(MaxMessageSize);

    internal override string IdText => "";

    internal override string Summary => MessageCount is null
        ? "not readable"
        : string.Create(CultureInfo.InvariantCulture, $"{MessageCount} of {MaxMessages} messages, max {HumanSize.Format(MaxMessageSize)}");

    internal override IEnumerable<int> ProcessIds => [NotifyPid ?? 0];
}
