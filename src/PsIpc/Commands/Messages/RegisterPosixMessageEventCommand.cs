using System;
using System.Linq;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Posix;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Makes a PowerShell event of the messages in a POSIX queue.</summary>
[Cmdlet(VerbsLifecycle.Register, "PosixMessageEvent", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(PSEventJob))]
public sealed class RegisterPosixMessageEventCommand : ObjectEventRegistrationBase, IDisposable
{
    private PosixQueueListener? _listener;
    private PosixAddress? _address;

    /// <summary>The name of the queue, with its slash: /jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateQueueName]
    [ArgumentCompleter(typeof(PosixQueueNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The queue, as New-PosixMessageQueue or Get-IpcObject emits it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Queue)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    public PosixMessageQueue? Queue { get; set; }

    /// <summary>
    /// Holds the queue's one notification slot as well (mq_notify), so that no other process can register for it.
    /// </summary>
    [Parameter]
    public SwitchParameter Exclusive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        PosixAddress address = Queue is not null ? PosixAddress.OfRecord(Queue) : PosixAddress.OfName(Name);
        if (_address is null)
        {
            _address = address;
            return;
        }

        // The base class registers once, at the end, under the one identifier that was given.
        WriteError(Failure.Of(
            "OneQueueASubscription", ErrorCategory.InvalidArgument, address.Target,
            ("target", address.DisplayName), ("other", _address.GetValueOrDefault().DisplayName)));
    }

    /// <inheritdoc/>
    protected override object GetSourceObject()
    {
        PosixAddress address = _address.GetValueOrDefault();
        try
        {
            address.CheckProvenance();
            _listener = new PosixQueueListener(address.Name, Exclusive, failure => Failure.Of(failure, address.Target, address.DisplayName).Exception);
            address.CheckIdentity(_listener.Identity);
            return _listener;
        }
        catch (ForeignObjectException e)
        {
            ThrowTerminatingError(e.ToErrorRecord(address.Target, address.DisplayName));
            throw;
        }
        catch (IpcException e)
        {
            ThrowTerminatingError(Failure.Of(e, address.Target, address.DisplayName, ("holder", SlotHolder(e, address.Name)), ("who", Owners.Of(e, address.Target))));
            throw;
        }
    }

    /// <inheritdoc/>
    protected override string GetSourceObjectEventName() => nameof(PosixQueueListener.Arrived);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_address is null)
        {
            return; // nothing came down the pipeline, or nothing that is a queue
        }

        base.EndProcessing();
        if (_listener is null)
        {
            return;
        }

        // Listens only now that the subscription stands: no arrival can come too early for it.
        PosixQueueListener listener = _listener;
        PSEventSubscriber? subscriber = Events.GetEventSubscribers(SourceIdentifier).LastOrDefault(one => ReferenceEquals(one.SourceObject, listener));
        if (subscriber is null)
        {
            return; // the identifier was taken, and the base class has said so; Dispose frees the listener
        }

        _listener = null;
        subscriber.Unsubscribed += (_, _) => RunspaceResources.Release(listener);
        RunspaceResources.Keep(listener);
        listener.Start();
    }

    /// <summary>Frees a listener whose subscription did not come about.</summary>
    public void Dispose() => _listener?.Dispose();

    /// <summary>Who has the notification slot; only asked when that is the trouble, because the queue must be readable for it.</summary>
    private static string SlotHolder(IpcException failure, string name) =>
        failure.Errno == Errno.EBUSY
        && AllKinds.Of(IpcKind.PosixMessageQueue).FindByName(new InventoryContext(), name) is PosixMessageQueue { NotifyPid: { } pid }
            ? $"process {pid}"
            : "another listener"; // perhaps of this process, whose closing of the queue just now gave the slot up for a moment
}
