using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Signals;

namespace PsIpc.Commands;

/// <summary>What Wait-Signal and Register-SignalEvent say when they cannot receive signals.</summary>
internal static class SignalFailure
{
    /// <summary>The first signal that cannot be waited for, and why; null when all can.</summary>
    internal static ErrorRecord? RefusalOf(IEnumerable<SignalNumber> signals) =>
        signals.Select(RefusalOf).FirstOrDefault(refusal => refusal is not null);

    /// <summary>The record of what went wrong when the handler was to be installed.</summary>
    internal static ErrorRecord Of(IpcException failure, IReadOnlyCollection<SignalNumber> signals)
    {
        string name = failure is SignalTakenException taken ? SignalName.Of(taken.Signal) : NameOf(signals);
        return Failure.Of(failure, name, name);
    }

    /// <summary>What to call them in sentences.</summary>
    internal static string NameOf(IEnumerable<SignalNumber> signals) => string.Join(", ", signals);

    private static ErrorRecord? RefusalOf(SignalNumber signal) => SignalName.WhyNotWaitable(signal.ToInt32()) switch
    {
        SignalRefusal.None => null,
        SignalRefusal.Kernel => Refused(signal, Sentences.Format("SignalNeverHandled", ("target", signal))),
        SignalRefusal.Fault => Refused(signal, Sentences.Format("SignalOfFault", ("target", signal))),
        SignalRefusal.Runtime => Refused(signal, Sentences.Format("SignalOfRuntime", ("target", signal))),
        SignalRefusal.CLibrary => Refused(signal, Sentences.Format("SignalOfCLibrary", ("target", signal))),
        _ => Refused(signal, Sentences.Format("SignalOfModule", ("target", signal))),
    };

    private static ErrorRecord Refused(SignalNumber signal, string sentence) =>
        new(new InvalidOperationException(sentence), "SignalNotWaitable", ErrorCategory.InvalidArgument, signal.ToString());
}
