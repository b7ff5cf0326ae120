using System;

namespace PsIpc.Native.Signals;

/// <summary>Tells of a signal that came.</summary>
/// <param name="record">The signal.</param>
public sealed class SignalEventArgs(SignalRecord record) : EventArgs
{
    /// <summary>The signal's name, as in SIGUSR1.</summary>
    public string Signal { get; } = SignalName.Of(record.Number);

    /// <summary>The signal's number.</summary>
    public int Number => record.Number;

    /// <summary>Why it was sent: SI_USER by kill(2), SI_QUEUE by sigqueue(3); see sigaction(2).</summary>
    public string Code => record.CodeName;

    /// <summary>The process that sent it; null where the kernel does not say.</summary>
    public int? SenderPid => record.SenderPid;

    /// <summary>The real user of that process; null where the kernel does not say.</summary>
    public uint? SenderUid => record.SenderUid;

    /// <summary>The number that went with it (sival_int); null where none did.</summary>
    public int? Value => record.IntegerValue;

    /// <summary>The number that went with it in all its 64 bits (sival_ptr); null where none did.</summary>
    public long? PointerValue => record.Value;

    /// <summary>When it came, in local time.</summary>
    public DateTime Time => record.Time;
}
