using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Threading;

namespace PsIpc.Host.Engine;

/// <summary>One cmdlet in a pipeline: binds its arguments and its input, and calls it.</summary>
/// <remarks>
/// The receiving cmdlets look for the name of this class in a stack trace, to tell whether the next cmdlet had got a
/// message when the pipeline was stopped. It must stay a frame of its own between two cmdlets.
/// </remarks>
internal sealed class CommandProcessor : IDisposable
{
    private readonly IReadOnlyList<CommandArgument> _arguments;
    private readonly Cmdlet _cmdlet;
    private readonly CommandRuntime _runtime;
    private readonly ParameterBinder _binder;
    private int _isBegun;

    internal CommandProcessor(Pipeline pipeline, PipelineCommand command)
    {
        _arguments = command.Arguments;
        _runtime = new CommandRuntime(pipeline, command.Description);
        _cmdlet = command.Description.CreateInstance();
        _cmdlet.Runtime = _runtime;
        _binder = new ParameterBinder(command.Description, _cmdlet, _runtime.Common, _runtime.Invocation);
    }

    internal CommandRuntime Runtime => _runtime;

    internal void Bind(bool expectsInput)
    {
        _binder.BindCommandLine(_arguments, expectsInput);
        _runtime.ParameterSetName = _binder.SetName;
    }

    internal void Begin()
    {
        // Either the stopper sees this, or this sees the stop: a cmdlet that begins to wait now would never be told.
        Interlocked.Exchange(ref _isBegun, 1);
        _runtime.ThrowIfStopping();
        Call(static cmdlet => cmdlet.Begin());
    }

    /// <summary>Calls the cmdlet once, where nothing comes from a pipeline.</summary>
    internal void ProcessWithoutInput() => Call(static cmdlet => cmdlet.Process());

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void ProcessInput(object? input)
    {
        try
        {
            _binder.BindInput(input);
        }
        catch (ParameterBindingException e)
        {
            e.ErrorRecord.SetTargetObject(input);
            _runtime.WriteError(e.ErrorRecord);
            return;
        }

        _runtime.ParameterSetName = _binder.SetName;
        Call(static cmdlet => cmdlet.Process());
    }

    internal void End() => Call(static cmdlet => cmdlet.End());

    /// <summary>Called on another thread, at any moment.</summary>
    internal void Stop()
    {
        if (Volatile.Read(ref _isBegun) != 0)
        {
            _cmdlet.Stop();
        }
    }

    public void Dispose() => (_cmdlet as IDisposable)?.Dispose();

    private void Call(Action<Cmdlet> step)
    {
        try
        {
            step(_cmdlet);
        }
        catch (Exception e) when (e is not (PipelineStoppedException or ActionPreferenceStopException or RefusedException or OutputClosedException))
        {
            // Nothing that a cmdlet should let out; it ends the pipeline under the exception's own name.
            ErrorRecord record = (e as IContainsErrorRecord)?.ErrorRecord
                ?? new ErrorRecord(e, e.GetType().FullName ?? e.GetType().Name, CategoryOf(e), null);
            _runtime.ThrowTerminatingError(record);
        }
    }

    private static ErrorCategory CategoryOf(Exception e) => e switch
    {
        PSInvalidOperationException => ErrorCategory.InvalidOperation,
        NotSupportedException => ErrorCategory.NotImplemented,
        ItemNotFoundException or DriveNotFoundException => ErrorCategory.ObjectNotFound,
        _ => ErrorCategory.NotSpecified,
    };
}

/// <summary>Whoever read the output has gone: there is nothing left to do. Thrown by hosts, passed on by the engine.</summary>
public sealed class OutputClosedException() : Exception("The output was closed by its reader.");
