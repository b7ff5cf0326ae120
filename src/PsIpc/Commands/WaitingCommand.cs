using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>Base of the cmdlets that may wait: for ever, for a while, or not at all.</summary>
public abstract class WaitingCommand : IpcCommand
{
    /// <summary>Never waits: what is not to be had at once is an error, or nothing comes out.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long to wait: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then it is an error of the category OperationTimeout.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>When a wait that begins now has to end.</summary>
    private protected virtual Deadline NextDeadline => Deadline.Of(NoWait, Timeout);

    /// <summary>How long was waited, for the sentence that says that it was in vain.</summary>
    private protected TimeSpan TimeWaited => Timeout ?? TimeSpan.Zero;

    /// <inheritdoc/>
    protected override void BeginProcessing() => RefuseTogether(nameof(NoWait), nameof(Timeout));
}
