using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;

namespace PsIpc.Host.Engine;

/// <summary>A cmdlet and its arguments.</summary>
/// <param name="Description">The cmdlet.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record PipelineCommand(CmdletDescription Description, IReadOnlyList<CommandArgument> Arguments);

/// <summary>How a pipeline ended.</summary>
public enum PipelineResult
{
    /// <summary>To its end, without errors.</summary>
    Completed,

    /// <summary>To its end, with errors.</summary>
    CompletedWithErrors,

    /// <summary>By an error.</summary>
    Failed,

    /// <summary>By an error that ends everything after it as well (-ErrorAction Stop).</summary>
    FailedForGood,

    /// <summary>It was stopped.</summary>
    Stopped,
}

/// <summary>Runs cmdlets one after the other, object by object.</summary>
public sealed class Pipeline
{
    private readonly PipelineCommand[] _commands;
    private readonly Lock _gate = new();
    private CommandProcessor[] _processors = [];
    private ErrorRecord? _failure;
    private volatile bool _isStopping;

    /// <summary>Makes one.</summary>
    /// <param name="commands">The cmdlets, in order.</param>
    /// <param name="host">Where output goes.</param>
    public Pipeline(PipelineCommand[] commands, IEngineHost host)
    {
        _commands = commands;
        Host = host;
    }

    /// <summary>Whether <see cref="Stop"/> was called.</summary>
    public bool IsStopping => _isStopping;

    internal IEngineHost Host { get; }

    internal bool HadErrors { get; set; }

    /// <summary>Runs the cmdlets to their end.</summary>
    /// <param name="input">What goes into the first; null when it works by its arguments alone.</param>
    /// <exception cref="RefusedException">An argument is something that psipc has not; nothing was run.</exception>
    public PipelineResult Run(IEnumerable<object?>? input)
    {
        try
        {
            Prepare(input is not null);
            foreach (CommandProcessor processor in _processors)
            {
                processor.Begin();
            }

            if (input is null)
            {
                _processors[0].ProcessWithoutInput();
            }
            else
            {
                foreach (object? item in input)
                {
                    _processors[0].Runtime.ThrowIfStopping();
                    _processors[0].ProcessInput(item);
                }
            }

            foreach (CommandProcessor processor in _processors)
            {
                _processors[0].Runtime.ThrowIfStopping();
                processor.End();
            }

            return HadErrors ? PipelineResult.CompletedWithErrors : PipelineResult.Completed;
        }
        catch (PipelineStoppedException)
        {
            if (_failure is null)
            {
                return PipelineResult.Stopped;
            }

            Host.WriteError(_failure);
            return PipelineResult.Failed;
        }
        catch (ActionPreferenceStopException e)
        {
            Host.WriteError(e.ErrorRecord);
            return PipelineResult.FailedForGood;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Stops the pipeline, from any thread: what waits is woken, and nothing more is written.</summary>
    public void Stop()
    {
        _isStopping = true;
        lock (_gate)
        {
            foreach (CommandProcessor processor in _processors)
            {
                processor.Stop();
            }
        }
    }

    internal void Fail(ErrorRecord error) => _failure ??= error;

    /// <summary>Binds every command line before any cmdlet begins: a wrong one keeps the others from doing half of it.</summary>
    private void Prepare(bool hasInput)
    {
        CommandProcessor[] processors = Array.ConvertAll(_commands, command => new CommandProcessor(this, command));
        lock (_gate)
        {
            _processors = processors;
        }

        for (int i = 0; i < processors.Length; i++)
        {
            processors[i].Runtime.Next = i + 1 < processors.Length ? processors[i + 1] : null;
            try
            {
                processors[i].Bind(hasInput || i > 0);
            }
            catch (ParameterBindingException e)
            {
                processors[i].Runtime.ThrowTerminatingError(e.ErrorRecord);
            }

            Bound?.Invoke(_commands[i].Description, processors[i].Runtime.Invocation.BoundParameters);
        }
    }

    /// <summary>Called for each cmdlet once its command line is bound, and before any begins: the place to refuse something.</summary>
    public Action<CmdletDescription, IReadOnlyDictionary<string, object?>>? Bound { get; set; }

    private void Dispose()
    {
        lock (_gate)
        {
            // A stop that comes now finds nothing left to stop.
            CommandProcessor[] processors = _processors;
            _processors = [];
            foreach (CommandProcessor processor in processors)
            {
                processor.Dispose();
            }
        }
    }
}
