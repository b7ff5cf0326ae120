using System.Management.Automation;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>Base of the cmdlets that receive what comes one by one: one, several, all there are, or each that ever comes.</summary>
public abstract class ReceivingCommand : WaitingCommand
{
    /// <summary>How many to wait for; 1 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>Takes all there are, and never waits.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Goes on receiving until it is stopped.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>When all that is to come must have come.</summary>
    private protected Deadline LastDeadline { get; private set; }

    private protected override Deadline NextDeadline => All ? Deadline.NoWait : base.NextDeadline;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(All), nameof(Count));
        RefuseTogether(nameof(All), nameof(Continuous));
        RefuseTogether(nameof(All), nameof(Timeout));
        RefuseTogether(nameof(Continuous), nameof(Count));
        RefuseTogether(nameof(Continuous), nameof(NoWait));
        base.BeginProcessing();
        LastDeadline = NextDeadline;
    }
}
