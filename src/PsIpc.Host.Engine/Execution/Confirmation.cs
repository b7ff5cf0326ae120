using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>ShouldProcess and ShouldContinue of one cmdlet: -WhatIf, -Confirm, and the answers given so far.</summary>
internal sealed class Confirmation(CommandRuntime runtime, CmdletDescription description)
{
    private const string Caption = "Confirm";
    private bool _yesToAll;
    private bool _noToAll;

    internal bool ShouldProcess(string target, string action)
    {
        string description = $"Performing the operation \"{action}\" on target \"{target}\".";
        return ShouldProcess(description, $"Are you sure you want to perform this action?\n{description}", Caption);
    }

    internal bool ShouldProcess(string description1, string question, string caption)
    {
        runtime.ThrowIfStopping();
        if (runtime.Common.WhatIf)
        {
            runtime.Host.WriteLine(TextStream.WhatIf, description1);
            return false;
        }

        // -Confirm asks about everything, -Confirm:$false about nothing; without it, what can do much harm is asked about.
        bool asks = runtime.HasConfirm ? runtime.Common.Confirm : description.ConfirmImpact >= ConfirmImpact.High;
        if (!asks || _yesToAll)
        {
            runtime.WriteVerbose(description1);
            return true;
        }

        return !_noToAll && Ask(question, caption, offersAll: true, ref _yesToAll, ref _noToAll);
    }

    internal bool ShouldContinue(string question, string caption, bool offersAll, ref bool yesToAll, ref bool noToAll)
    {
        runtime.ThrowIfStopping();
        return yesToAll || (!noToAll && Ask(question, caption, offersAll, ref yesToAll, ref noToAll));
    }

    private bool Ask(string question, string caption, bool offersAll, ref bool yesToAll, ref bool noToAll)
    {
        Answer answer = runtime.Host.Ask(caption, question, offersAll);
        runtime.ThrowIfStopping();
        yesToAll |= answer == Answer.YesToAll;
        noToAll |= answer == Answer.NoToAll;
        return answer is Answer.Yes or Answer.YesToAll;
    }
}
