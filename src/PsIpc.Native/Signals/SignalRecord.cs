using System;

namespace PsIpc.Native.Signals;

/// <summary>A signal that came, as the kernel describes it: sigaction(2), siginfo_t.</summary>
/// <param name="Number">The signal's number.</param>
/// <param name="Code">Why it was sent (si_code): 0 by kill(2), -1 by sigqueue(3).</param>
/// <param name="SenderPid">The process that sent it; null where the kernel does not say.</param>
/// <param name="SenderUid">The real user of that process; null where the kernel does not say.</param>
/// <param name="Value">What went with it (sival_ptr), of which a C program mostly means the lower half (sival_int); null where nothing did.</param>
/// <param name="Time">When it was read from the handler's file, in local time.</param>
public readonly record struct SignalRecord(int Number, int Code, int? SenderPid, uint? SenderUid, long? Value, DateTime Time)
{
    /// <summary>si_code by its name, as in SI_QUEUE; the number where it has none.</summary>
    public string CodeName => SignalCode.NameOf(Number, Code);

    /// <summary>The lower half of the value (sival_int).</summary>
    public int? IntegerValue => Value is { } value ? unchecked((int)value) : null;
}
