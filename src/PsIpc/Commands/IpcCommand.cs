using System;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>
/// Base of all cmdlets: owns the waiter, so that Ctrl-C ends whatever the cmdlet waits for, and frees in Dispose, which
/// PowerShell calls however the pipeline ends.
/// </summary>
public abstract class IpcCommand : PSCmdlet, IDisposable
{
    /// <summary>Ends the waits of this cmdlet when the pipeline is stopped.</summary>
    private protected Waiter Waiter { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called on another thread, while this one may be inside a system call.</summary>
    protected override void StopProcessing() => Waiter.Cancel();

    /// <summary>Frees what the cmdlet holds.</summary>
    /// <param name="disposing">Whether managed objects may be touched.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Waiter.Dispose();
        }
    }

    /// <summary>
    /// Refuses two parameters that contradict each other. -NoWait:$false and -Timeout $null, as scripts splat them, say
    /// nothing and contradict nothing.
    /// </summary>
    private protected void RefuseTogether(string first, string second)
    {
        if (IsGiven(first) && IsGiven(second))
        {
            ThrowTerminatingError(Failure.Of("ParameterConflict", ErrorCategory.InvalidArgument, null, ("first", first), ("second", second)));
        }
    }

    /// <summary>The path of a file, whether it exists or not; relative ones follow PowerShell's location.</summary>
    internal string ResolveNewPath(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new PathProviderException(Failure.Of("PathHoldsNul", ErrorCategory.InvalidArgument, path, ("path", path.Replace('\0', '\u2400'))));
        }

        string file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        RefuseOtherProviders(provider, path);
        return file;
    }

    /// <summary>The files that a path stands for; one that stands for none is an error, and never stops the others.</summary>
    private protected Collection<string> ResolvePaths(string path, bool isLiteral)
    {
        try
        {
            if (isLiteral || !WildcardPattern.ContainsWildcardCharacters(path))
            {
                return new Collection<string> { ResolveNewPath(isLiteral ? path : WildcardPattern.Unescape(path)) };
            }

            Collection<string> files = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            RefuseOtherProviders(provider, path);
            return files;
        }
        catch (Exception e) when (e is IContainsErrorRecord && e is not PipelineStoppedException)
        {
            WriteError(((IContainsErrorRecord)e).ErrorRecord); // no such drive, not a file system
            return [];
        }
    }

    /// <summary>Refuses what is no file: env:PATH would be taken for a file called PATH.</summary>
    private protected static void RefuseOtherProviders(ProviderInfo provider, string path)
    {
        if (provider.Name != "FileSystem")
        {
            throw new PathProviderException(Failure.Of(
                "PathNotFileSystem", ErrorCategory.InvalidArgument, path, ("path", path), ("provider", provider.Name)));
        }
    }

    /// <summary>
    /// Asks whether to do something, or only says so. What it is done to may have its name from others: that stays on its line, and gives no
    /// orders to the terminal on which it is asked.
    /// </summary>
    private protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(Visible.Of(target), Visible.Of(action));

    /// <summary>The same of what is said with -Verbose.</summary>
    private protected new void WriteVerbose(string text) => base.WriteVerbose(Visible.Of(text));

    /// <summary>What was read is no text of an encoding that was made to refuse that: .NET's own makes U+FFFD of it.</summary>
    private protected static ErrorRecord NotDecodable(DecoderFallbackException failure, Encoding encoding, object? target, string name) =>
        Failure.Of("TextNotDecodable", ErrorCategory.InvalidData, target, ("target", name), ("encoding", encoding.WebName), ("reason", failure.Message));

    /// <summary>Writes the error of a failed system call and goes on.</summary>
    private protected void WriteFailure(IpcException failure, object? target, string name, params (string Place, object? Value)[] values) =>
        WriteError(Failure.Of(failure, target, name, values));

    /// <summary>Ends the cmdlet with the error of a failed system call.</summary>
    private protected void ThrowFailure(IpcException failure, object? target, string name, params (string Place, object? Value)[] values) =>
        ThrowTerminatingError(Failure.Of(failure, target, name, values));

    /// <summary>A descriptor of its own of what the user gave for one; null with the error that says why there is none.</summary>
    internal static SafeDescriptor? TryCopyDescriptor(object? value, out ErrorRecord? error)
    {
        string name = DescriptorSource.NameOf(value);
        error = null;
        try
        {
            return DescriptorSource.Copy(value);
        }
        catch (HandleRefusedException e)
        {
            ErrorCategory category = e.ErrorId == "HandleClosed" ? ErrorCategory.ObjectNotFound : ErrorCategory.InvalidArgument;
            error = Failure.Of(e.ErrorId, category, value, ("target", name), ("type", (value is PSObject wrapper ? wrapper.BaseObject : value)?.GetType()));
        }
        catch (IpcException e)
        {
            error = Failure.Of(e, value, name);
        }

        return null;
    }

    /// <summary>Asks whether to go on; null where nobody is there to be asked.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="caption">Its title.</param>
    /// <param name="yesToAll">The answer to all further questions, kept by the caller.</param>
    /// <param name="noToAll">The same.</param>
    private protected bool? AskToContinue(string question, string caption, ref bool yesToAll, ref bool noToAll)
    {
        try
        {
            return ShouldContinue(question, caption, ref yesToAll, ref noToAll);
        }
        catch (Exception e) when (e is PSInvalidOperationException or HostException or NullReferenceException)
        {
            return null; // -NonInteractive; a host that cannot ask; NullReferenceException: the console's, when standard input has ended
        }
    }

    /// <summary>
    /// Whether the next cmdlet was running when the stop came: it has the object then, and what was put back would arrive twice. The
    /// exception's stack trace tells, because it passed through the processor of that command.
    /// </summary>
    private protected static bool WasSeenDownstream(PipelineStoppedException e) =>
        e.StackTrace?.Contains("CommandProcessor", StringComparison.Ordinal) == true;

    private bool IsGiven(string parameter) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? value) && value is not (null or SwitchParameter { IsPresent: false });
}
