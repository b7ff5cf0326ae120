using System.Globalization;

namespace PsIpc;

/// <summary>One semaphore of a System V set.</summary>
public sealed class SemaphoreElement
{
    /// <summary>Its number in the set, from 0.</summary>
    public int Index { get; internal set; }

    /// <summary>Its value: 0 to 32767.</summary>
    public int Value { get; internal set; }

    /// <summary>How many processes wait for it to become larger.</summary>
    public int WaitingForIncrease { get; internal set; }

    /// <summary>How many processes wait for it to become 0.</summary>
    public int WaitingForZero { get; internal set; }

    /// <summary>Who operated on it last; null when nobody did. The process may have ended, and its pid be another's now.</summary>
    public int? LastPid { get; internal set; }

    /// <summary>
    /// Whether that process has ended: it cannot give back any more what it took; null when nobody operated on it. A process that has got its pid
    /// since looks like it.
    /// </summary>
    public bool? LastPidEnded { get; internal set; }

    /// <summary>Number and value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}: {Value}");
}
