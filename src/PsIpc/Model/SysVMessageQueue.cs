using System;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;

namespace PsIpc;

/// <summary>A System V message queue; see sysvipc(7), msgctl(2).</summary>
public sealed class SysVMessageQueue : IpcObject
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.SysVMessageQueue);

    /// <summary>The key it was made with, as the signed number that C has; 0 for a private queue. <see cref="IpcObject.Name"/> has it in hexadecimal.</summary>
    public int Key { get; internal set; }

    /// <summary>The identifier by which calls address it; 0 is a valid one.</summary>
    public int Id { get; internal set; }

    /// <summary>Tells it from an earlier queue in the same slot of the kernel's table.</summary>
    public int Sequence { get; internal set; }

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
    public DateTime? LastSendTime { get; internal set; }

    /// <summary>When somebody last received, in local time; null when nobody did.</summary>
    public DateTime? LastReceiveTime { get; internal set; }

    /// <summary>When it was made or its attributes were set, in local time.</summary>
    public DateTime? ChangeTime { get; internal set; }

    /// <summary>The number of the user who made it.</summary>
    public uint CreatorUid { get; internal set; }

    /// <summary>The number of the group of the user who made it.</summary>
    public uint CreatorGid { get; internal set; }

    /// <inheritdoc/>
    public override DateTime? LastActivity => Times.Latest(LastSendTime, LastReceiveTime, ChangeTime);

    /// <summary>The room as tables show it.</summary>
    [Hidden]
    public string RoomText => HumanSize.Format(MaxBytes);

    /// <inheritdoc/>
    [Hidden]
    public override string IdText => Id.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    [Hidden]
    public override string Summary => string.Create(CultureInfo.InvariantCulture, $"{MessageCount} {(MessageCount == 1 ? "message" : "messages")}, room for {HumanSize.Format(MaxBytes)}");

    internal override IEnumerable<int> ProcessIds => [LastSendPid ?? 0, LastReceivePid ?? 0];

    /// <summary>Kind, key and id.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Name} (id {Id})");
}
