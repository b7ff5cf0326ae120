using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>What a running cmdlet writes to: the next cmdlet or the host, with its own preferences in between.</summary>
internal sealed class CommandRuntime
{
    private readonly Pipeline _pipeline;

    internal CommandRuntime(Pipeline pipeline, CmdletDescription description)
    {
        _pipeline = pipeline;
        Command = description.Info;
        Invocation = new InvocationInfo(description.Info);
        Confirmation = new Confirmation(this, description);
    }

    internal CmdletInfo Command { get; }

    internal InvocationInfo Invocation { get; }

    internal CommonParameters Common { get; } = new();

    internal Confirmation Confirmation { get; }

    internal IEngineHost Host => _pipeline.Host;

    internal bool IsStopping => _pipeline.IsStopping;

    internal bool HasConfirm => Invocation.BoundParameters.ContainsKey(nameof(CommonParameters.Confirm));

    internal string ParameterSetName { get; set; } = ParameterAttribute.AllParameterSets;

    /// <summary>The cmdlet after this one; null when this is the last.</summary>
    internal CommandProcessor? Next { get; set; }

    internal void WriteObject(object? value)
    {
        ThrowIfStopping();
        if (Next is null)
        {
            Host.WriteOutput(value);
        }
        else
        {
            Next.ProcessInput(value);
        }
    }

    internal void WriteObject(object? value, bool enumerates)
    {
        if (!enumerates || PSObject.Unwrap(value) is not IEnumerable elements || elements is string or IDictionary)
        {
            WriteObject(value);
            return;
        }

        foreach (object? element in elements)
        {
            WriteObject(element);
        }
    }

    internal void WriteError(ErrorRecord error)
    {
        ThrowIfStopping();
        error.SetCommand(Command);
        switch (Common.ErrorAction)
        {
            case ActionPreference.Ignore:
                return;
            case ActionPreference.SilentlyContinue:
                _pipeline.HadErrors = true;
                return;
            case ActionPreference.Stop:
                throw new ActionPreferenceStopException(error);
            default:
                _pipeline.HadErrors = true;
                Host.WriteError(error);
                return;
        }
    }

    internal void WriteWarning(string text)
    {
        ThrowIfStopping();
        Write(TextStream.Warning, text, Common.WarningAction);
    }

    internal void WriteVerbose(string text)
    {
        ThrowIfStopping();
        if (Common.Verbose)
        {
            Host.WriteLine(TextStream.Verbose, text);
        }
    }

    internal void WriteDebug(string text)
    {
        ThrowIfStopping();
        if (Common.Debug)
        {
            Host.WriteLine(TextStream.Debug, text);
        }
    }

    internal void WriteInformation(object data)
    {
        ThrowIfStopping();
        Write(TextStream.Information, LanguagePrimitives.TextOf(data), Common.InformationAction);
    }

    internal void WriteProgress(ProgressRecord progress)
    {
        ThrowIfStopping();
        if (Common.ProgressAction is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore))
        {
            Host.WriteProgress(progress);
        }
    }

    [DoesNotReturn]
    internal void ThrowTerminatingError(ErrorRecord error)
    {
        ThrowIfStopping();
        error.SetCommand(Command);
        _pipeline.Fail(error);

        // What cmdlets see of it is what they see of a stop: never to be swallowed.
        throw new PipelineStoppedException();
    }

    internal void ThrowIfStopping()
    {
        if (_pipeline.IsStopping)
        {
            throw new PipelineStoppedException();
        }
    }

    private void Write(TextStream stream, string text, ActionPreference preference)
    {
        if (preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore)
        {
            return;
        }

        Host.WriteLine(stream, text);
        if (preference == ActionPreference.Stop)
        {
            throw new ActionPreferenceStopException(new ErrorRecord(
                new RuntimeException($"The command stopped because of -{stream}Action Stop: {text}"),
                "ActionPreferenceStop",
                ErrorCategory.OperationStopped,
                null));
        }
    }
}
