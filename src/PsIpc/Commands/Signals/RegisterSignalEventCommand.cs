using System;
using System.Linq;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Signals;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Makes a PowerShell event of each signal to this process: sigaction(2).</summary>
[Cmdlet(VerbsLifecycle.Register, "SignalEvent")]
[OutputType(typeof(PSEventJob))]
public sealed class RegisterSignalEventCommand : ObjectEventRegistrationBase, IDisposable
{
    private SignalListener? _listener;

    /// <summary>The signals, by names or numbers: USR1, SIGUSR1, RTMIN+3, 10.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SignalTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(WaitableSignalCompleter))]
    public SignalNumber[] Signal { get; set; } = [];

    /// <inheritdoc/>
    protected override object GetSourceObject()
    {
        if (SignalFailure.RefusalOf(Signal) is { } refusal)
        {
            ThrowTerminatingError(refusal);
        }

        try
        {
            return _listener = new SignalListener(Signal.Select(signal => signal.ToInt32()).Distinct().ToArray());
        }
        catch (IpcException e)
        {
            ThrowTerminatingError(SignalFailure.Of(e, Signal));
            throw;
        }
    }

    /// <inheritdoc/>
    protected override string GetSourceObjectEventName() => nameof(SignalListener.Received);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (_listener is null)
        {
            return;
        }

        // Tells only now that the subscription stands: no signal can come too early for it.
        SignalListener listener = _listener;
        PSEventSubscriber? subscriber = Events.GetEventSubscribers(SourceIdentifier).LastOrDefault(one => ReferenceEquals(one.SourceObject, listener));
        if (subscriber is null)
        {
            return; // the identifier was taken, and the base class has said so; Dispose gives the signals back
        }

        _listener = null;
        subscriber.Unsubscribed += (_, _) => RunspaceResources.Release(listener);
        RunspaceResources.Keep(listener);
        listener.Start();
    }

    /// <summary>Gives the signals back when the subscription did not come about.</summary>
    public void Dispose() => _listener?.Dispose();
}
