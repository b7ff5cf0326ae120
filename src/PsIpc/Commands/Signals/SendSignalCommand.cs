using System;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Signals;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Sends a signal to processes, with a value as sigqueue(3) does or without as kill(2): pidfd_send_signal(2).</summary>
[Cmdlet(VerbsCommunications.Send, "Signal", DefaultParameterSetName = AddressSets.Process, SupportsShouldProcess = true)]
public sealed class SendSignalCommand : IpcCommand
{
    private const int Init = 1;
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>
    /// The processes: numbers, also as text, objects of Get-Process, Start-Process, Start-PipedProcess or Get-IpcHolder.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Process)]
    [Alias("Id", "ProcessId")]
    [ProcessTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public object[] Process { get; set; } = [];

    /// <summary>Process groups instead, by their numbers: all processes of each.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.ProcessGroup)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessGroupCompleter))]
    public int[] ProcessGroup { get; set; } = [];

    /// <summary>The signal, by its name or number: TERM, SIGTERM, RTMIN+3, RTMAX-1, 15.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [SignalTransformation]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public SignalNumber Signal { get; set; }

    /// <summary>A number to go with it, as sigqueue(3) sends one.</summary>
    [Parameter(ParameterSetName = AddressSets.Process)]
    public int? Value { get; set; }

    /// <summary>Does not ask before process 1, or PowerShell itself, is sent a signal that could end it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private string Action => Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"Send {Signal} with the value {value}")
        : $"Send {Signal}";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (int group in ProcessGroup)
        {
            SendToGroup(group);
        }

        foreach (object process in Process)
        {
            if (SignalRecipient.Of(process) is { } recipient)
            {
                Send(recipient, process);
            }
            else
            {
                WriteError(Failure.Of("NotAProcess", ErrorCategory.InvalidType, process, ("value", process)));
            }
        }
    }

    private void Send(SignalRecipient recipient, object target)
    {
        if (recipient.Id <= 0)
        {
            WriteError(Failure.Of("ProcessIdRefused", ErrorCategory.InvalidArgument, target, ("value", recipient.Id)));
            return;
        }

        if (!ShouldProcess($"process {recipient.Name}", Action)
            || (recipient.Id == Init && !MaySend("InitPrompt", recipient.Name, target))
            || (recipient.Id == Environment.ProcessId && MayEndUs && !MaySend("OwnProcessPrompt", recipient.Name, target)))
        {
            return;
        }

        try
        {
            recipient.Send(Signal.ToInt32(), Value);
        }
        catch (ForeignObjectException e)
        {
            WriteError(Failure.Of("ForeignProcess", ErrorCategory.InvalidOperation, target, ("target", recipient.Name), ("where", e.Message)));
        }
        catch (IpcException e)
        {
            WriteFailure(e, target, recipient.Name, ("signal", Signal), ("whom", $"process {recipient.Name}"), ("queue", QueueOf(e, recipient.Id)));
        }
    }

    private void SendToGroup(int group)
    {
        // To kill(2), group 1 is everybody: its number with a minus sign is -1.
        if (group <= 1)
        {
            WriteError(Failure.Of("ProcessGroupRefused", ErrorCategory.InvalidArgument, group, ("value", group)));
            return;
        }

        string name = group.ToString(CultureInfo.InvariantCulture);
        if (!ShouldProcess($"process group {name}", Action)
            || (group == SignalTarget.OwnGroup && MayEndUs && !MaySend("OwnGroupPrompt", name, group)))
        {
            return;
        }

        try
        {
            SignalTarget.SendToGroup(group, Signal.ToInt32());
        }
        catch (IpcException e)
        {
            WriteFailure(e, group, name, ("signal", Signal), ("whom", $"process group {name}"));
        }
    }

    /// <summary>Whether this process would be at the mercy of the signal: nobody here waits for it, and it does something by itself.</summary>
    private bool MayEndUs => !SignalName.IsHarmless(Signal.ToInt32()) && !SignalSubscription.IsWaitedFor(Signal.ToInt32());

    private bool MaySend(string prompt, string name, object target)
    {
        if (Force)
        {
            return true;
        }

        string question = Sentences.Format(prompt, ("target", name), ("signal", Signal));
        if (AskToContinue(question, Sentences.Format("SignalCaption"), ref _yesToAll, ref _noToAll) is { } answer)
        {
            return answer;
        }

        WriteError(Failure.Of("ConfirmationNeeded", ErrorCategory.InvalidOperation, target, ("question", question)));
        return false;
    }

    /// <summary>How full the queue of a process's user is, where that is the trouble.</summary>
    private static string QueueOf(IpcException failure, int id) =>
        failure.Errno == Errno.EAGAIN ? ProcessState.TryGetSignalQueue(id) ?? "unknown" : "";
}
