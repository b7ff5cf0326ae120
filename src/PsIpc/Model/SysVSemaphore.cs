using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc;

/// <summary>A System V semaphore set; see sysvipc(7), semctl(2).</summary>
public sealed class SysVSemaphore : SysVObject, Columns.ISysVSemaphore
{
    private const int ValuesInSummary = 6;

    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.SysVSemaphore);

    /// <summary>How many semaphores it has.</summary>
    public int Count { get; internal set; }

    /// <summary>The semaphores; null without read permission.</summary>
    public SemaphoreElement[]? Elements { get; internal set; }

    /// <summary>When somebody last operated on it (semop), in local time; null when nobody did.</summary>
    public DateTime? OperationTime { get => Times.Local(field); internal set; }

    /// <summary>How many processes wait in it, for whatever; null without read permission.</summary>
    public long? Waiters => Elements?.Sum(element => (long)element.WaitingForIncrease + element.WaitingForZero);

    /// <inheritdoc/>
    public override DateTime? LastActivity => Times.Latest(OperationTime, ChangeTime);

    string Columns.ISysVSemaphore.ValuesText => ValuesText;

    internal override string Summary => Elements is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Count} {(Count == 1 ? "semaphore" : "semaphores")}, not readable")
        : string.Create(CultureInfo.InvariantCulture, $"{(Count == 1 ? "value" : "values")} {ValuesText}{(Waiters > 0 ? $", {Waiters} waiting" : "")}");

    internal override IEnumerable<int> ProcessIds => Elements?.Select(element => element.LastPid ?? 0) ?? [];

    private string ValuesText => Elements is null ? "" : string.Join(' ', Elements.Take(ValuesInSummary).Select(element => element.Value))
        + (Elements.Length > ValuesInSummary ? " …" : "");
}
