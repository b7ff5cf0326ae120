using System;
using System.Globalization;
using PsIpc.Native.Signals;

namespace PsIpc;

/// <summary>A signal that came to this process: sigaction(2), siginfo_t.</summary>
public sealed class ReceivedSignal : Columns.IReceivedSignal
{
    internal ReceivedSignal(in SignalRecord record)
    {
        Signal = SignalName.Of(record.Number);
        Number = record.Number;
        Code = record.CodeName;
        SenderPid = record.SenderPid;
        SenderUid = record.SenderUid;
        Value = record.IntegerValue;
        PointerValue = record.Value;
        Time = record.Time;
    }

    /// <summary>Its name, as in SIGUSR1 or SIGRTMIN+3.</summary>
    public string Signal { get; }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Why it was sent: SI_USER by kill(2), SI_QUEUE by sigqueue(3), SI_TIMER, SI_MESGQ, SI_KERNEL and others.</summary>
    public string Code { get; }

    /// <summary>The process that sent it; null where none did, or none that this PID namespace sees.</summary>
    public int? SenderPid { get; }

    /// <summary>The real user id of that process; null together with the pid.</summary>
    public uint? SenderUid { get; }

    /// <summary>The number that went with it (sival_int); null where none did.</summary>
    public int? Value { get; }

    /// <summary>The number that went with it, in all its 64 bits (sival_ptr); null where none did.</summary>
    public long? PointerValue { get; }

    /// <summary>When it came, in local time.</summary>
    public DateTime Time { get; }

    string Columns.IReceivedSignal.TimeText => Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>The name.</summary>
    public override string ToString() => Signal;
}
