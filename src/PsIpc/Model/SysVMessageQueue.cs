using System;
using System.Collections.Generic;
using System.Globalization;

namespace PsIpc;

/// <summary>A System V message queue; see sysvipc(7), msgctl(2).</summary>
public sealed class SysVMessageQueue : SysVObject, Columns.IMessageQueue
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.SysVMessageQueue);

    /// <summary>Messages in it.</summary>
    public long MessageCount { get; internal set; }

    /// <summary>Bytes of data in it.</summary>
    public long UsedBytes { get; internal set; }

    /// <summary>Bytes of data that it holds at most.</summary>
    public long MaxBytes { get; internal set; }

    /// <summary>Who sent last; null when nobody did. The process may have ended, and its pid be another's now.</summary>
    public int? LastSendPid { get; internal set; }

    /// <summary>Who received last; null when nobody did.</summary>
    public int? LastReceivePid { get; internal set; }

    /// <summary>When somebody last sent, in local time; null when nobody did.</summary>
    public DateTime? LastSendTime { get => Times.Local(field); internal set; }

    /// <summary>When somebody last received, in local time; null when nobody did.</summary>
    public DateTime? LastReceiveTime { get => Times.Local(field); internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => Times.Latest(LastSendTime, LastReceiveTime, ChangeTime);

    string Columns.IMessageQueue.RoomText => HumanSize.Format(MaxBytes);

    internal override string Summary => string.Create(CultureInfo.InvariantCulture, $"{MessageCount} {(MessageCount == 1 ? "message" : "messages")}, room for {HumanSize.Format(MaxBytes)}");

    internal override IEnumerable<int> ProcessIds => [LastSendPid ?? 0, LastReceivePid ?? 0];
}
