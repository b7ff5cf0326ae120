using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Signals;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Waits for signals to this process, and tells who sent them and with which value: sigaction(2), as sigwaitinfo(2) would.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Signal")]
[OutputType(typeof(ReceivedSignal))]
public sealed class WaitSignalCommand : IpcCommand
{
    private SignalSubscription? _subscription;
    private int[] _signals = [];

    /// <summary>The signals to wait for, by names or numbers: USR1, SIGUSR1, RTMIN+3, 10.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SignalTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(WaitableSignalCompleter))]
    public SignalNumber[] Signal { get; set; } = [];

    /// <summary>How many signals to wait for; 1 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>Goes on waiting until it is stopped.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>How long to wait in all: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then the error SignalTimeout.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(Continuous), nameof(Count));
        if (SignalFailure.RefusalOf(Signal) is { } refusal)
        {
            ThrowTerminatingError(refusal);
        }

        _signals = [.. Signal.Select(signal => signal.ToInt32()).Distinct()];
        try
        {
            _subscription = new SignalSubscription(_signals);
        }
        catch (IpcException e)
        {
            ThrowTerminatingError(SignalFailure.Of(e, Signal));
        }

        WriteVerbose($"Waiting for {SignalFailure.NameOf(Signal)}.");
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Deadline deadline = Timeout is { } time ? Deadline.After(time) : Deadline.Infinite;
        for (int left = Count ?? 1; left > 0; left -= Continuous ? 0 : 1)
        {
            switch (Take(deadline, out SignalRecord record))
            {
                case WaitStatus.Done:
                    Deliver(record);
                    break;
                case WaitStatus.Cancelled:
                    throw new PipelineStoppedException();
                default:
                    string name = SignalFailure.NameOf(Signal);
                    WriteError(Failure.Timeout("SignalTimeout", name, name, Timeout ?? TimeSpan.Zero));
                    return;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _subscription is { } subscription)
        {
            _subscription = null;
            subscription.Dispose();
            List<SignalRecord> rest = [];
            while (subscription.TryTake(out SignalRecord record))
            {
                rest.Add(record);
            }

            SignalLeftovers.Keep(rest, first: false);
        }

        base.Dispose(disposing);
    }

    private WaitStatus Take(Deadline deadline, out SignalRecord record)
    {
        if (!Waiter.IsCancelled && SignalLeftovers.TryTake(_signals, out record))
        {
            return WaitStatus.Done;
        }

        try
        {
            return _subscription!.Take(Waiter, deadline, out record);
        }
        catch (IpcException e)
        {
            ThrowTerminatingError(SignalFailure.Of(e, Signal));
            throw;
        }
    }

    /// <summary>A signal that nobody downstream has seen when the pipeline is stopped is kept for the next time.</summary>
    private void Deliver(SignalRecord record)
    {
        try
        {
            WriteObject(new ReceivedSignal(record));
        }
        catch (PipelineStoppedException e) when (!WasSeenDownstream(e))
        {
            SignalLeftovers.Keep([record], first: true);
            throw;
        }
    }
}
