using PsIpc.Host.Engine;

namespace System.Management.Automation;

/// <summary>Base of every cmdlet: what runs it, and the streams it writes to.</summary>
public abstract class Cmdlet
{
    private CommandRuntime? _runtime;

    /// <summary>Whether the pipeline is being stopped.</summary>
    public bool Stopping => Runtime.IsStopping;

    internal CommandRuntime Runtime
    {
        get => _runtime ?? throw new InvalidOperationException("The cmdlet does not run in a pipeline.");
        set => _runtime = value;
    }

    /// <summary>Called once before the first record.</summary>
    protected virtual void BeginProcessing()
    {
    }

    /// <summary>Called for each record; once when there is no pipeline before the cmdlet.</summary>
    protected virtual void ProcessRecord()
    {
    }

    /// <summary>Called once after the last record.</summary>
    protected virtual void EndProcessing()
    {
    }

    /// <summary>Called on another thread when the pipeline is stopped.</summary>
    protected virtual void StopProcessing()
    {
    }

    /// <summary>Emits an object.</summary>
    /// <param name="sendToPipeline">The object.</param>
    public void WriteObject(object? sendToPipeline) => Runtime.WriteObject(sendToPipeline);

    /// <summary>Emits an object, or the elements of a collection.</summary>
    /// <param name="sendToPipeline">The object.</param>
    /// <param name="enumerateCollection">Whether a collection is taken apart.</param>
    public void WriteObject(object? sendToPipeline, bool enumerateCollection) => Runtime.WriteObject(sendToPipeline, enumerateCollection);

    /// <summary>Writes an error, and goes on.</summary>
    /// <param name="errorRecord">The error.</param>
    public void WriteError(ErrorRecord errorRecord) => Runtime.WriteError(errorRecord);

    /// <summary>Writes a warning.</summary>
    /// <param name="text">The warning.</param>
    public void WriteWarning(string text) => Runtime.WriteWarning(text);

    /// <summary>Writes what -Verbose shows.</summary>
    /// <param name="text">The text.</param>
    public void WriteVerbose(string text) => Runtime.WriteVerbose(text);

    /// <summary>Writes what -Debug shows.</summary>
    /// <param name="text">The text.</param>
    public void WriteDebug(string text) => Runtime.WriteDebug(text);

    /// <summary>Reports progress.</summary>
    /// <param name="progressRecord">How far it is.</param>
    public void WriteProgress(ProgressRecord progressRecord) => Runtime.WriteProgress(progressRecord);

    /// <summary>Writes what -InformationAction Continue shows.</summary>
    /// <param name="messageData">What to show.</param>
    /// <param name="tags">Not used here.</param>
    public void WriteInformation(object messageData, string[]? tags) => Runtime.WriteInformation(messageData);

    /// <summary>Ends the pipeline with an error.</summary>
    /// <param name="errorRecord">The error.</param>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public void ThrowTerminatingError(ErrorRecord errorRecord) => Runtime.ThrowTerminatingError(errorRecord);

    /// <summary>Asks whether to change something; the action is the cmdlet.</summary>
    /// <param name="target">What would be changed.</param>
    public bool ShouldProcess(string target) => ShouldProcess(target, Runtime.Command.Name);

    /// <summary>Asks whether to change something.</summary>
    /// <param name="target">What would be changed.</param>
    /// <param name="action">What would be done to it.</param>
    public bool ShouldProcess(string target, string action) => Runtime.Confirmation.ShouldProcess(target, action);

    /// <summary>Asks whether to change something, in the cmdlet's own words.</summary>
    /// <param name="verboseDescription">What -WhatIf and -Verbose say.</param>
    /// <param name="verboseWarning">The question.</param>
    /// <param name="caption">Its heading.</param>
    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        Runtime.Confirmation.ShouldProcess(verboseDescription, verboseWarning, caption);

    /// <summary>Asks a question whatever -Confirm says.</summary>
    /// <param name="query">The question.</param>
    /// <param name="caption">Its heading.</param>
    public bool ShouldContinue(string query, string caption)
    {
        bool no = false, yes = false;
        return Runtime.Confirmation.ShouldContinue(query, caption, offersAll: false, ref yes, ref no);
    }

    /// <summary>Asks a question whatever -Confirm says, with an answer for all that follow.</summary>
    /// <param name="query">The question.</param>
    /// <param name="caption">Its heading.</param>
    /// <param name="yesToAll">Whether the answer was yes to all.</param>
    /// <param name="noToAll">Whether the answer was no to all.</param>
    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
        Runtime.Confirmation.ShouldContinue(query, caption, offersAll: true, ref yesToAll, ref noToAll);

    internal void Begin() => BeginProcessing();

    internal void Process() => ProcessRecord();

    internal void End() => EndProcessing();

    internal void Stop() => StopProcessing();
}

/// <summary>A cmdlet that knows its parameter set, its invocation and the session.</summary>
public abstract class PSCmdlet : Cmdlet
{
    /// <summary>The parameter set that was chosen.</summary>
    public string ParameterSetName => Runtime.ParameterSetName;

    /// <summary>How the cmdlet was called.</summary>
    public InvocationInfo MyInvocation => Runtime.Invocation;

    /// <summary>The session: its paths.</summary>
    public SessionState SessionState => SessionState.Instance;

    /// <summary>Scripts, which only PowerShell can run.</summary>
    public CommandInvocationIntrinsics InvokeCommand => CommandInvocationIntrinsics.Instance;

    /// <summary>Events, which only PowerShell has.</summary>
    public PSEventManager Events => throw new PSNotSupportedException("Events need PowerShell's event manager. Run this in pwsh.");
}

/// <summary>How a cmdlet was called.</summary>
public sealed class InvocationInfo
{
    internal InvocationInfo(CommandInfo command) => MyCommand = command;

    /// <summary>The cmdlet.</summary>
    public CommandInfo MyCommand { get; }

    /// <summary>The name it was called by.</summary>
    public string InvocationName => MyCommand.Name;

    /// <summary>The parameters that have values so far, with them.</summary>
    public Collections.Generic.Dictionary<string, object?> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A command.</summary>
public abstract class CommandInfo
{
    private protected CommandInfo(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }
}

/// <summary>A cmdlet by its name and type.</summary>
public sealed class CmdletInfo : CommandInfo
{
    internal CmdletInfo(string name, Type implementingType)
        : base(name) => ImplementingType = implementingType;

    /// <summary>The class.</summary>
    public Type ImplementingType { get; }
}

/// <summary>How far something is.</summary>
/// <param name="activityId">Tells several apart.</param>
/// <param name="activity">What is being done.</param>
/// <param name="statusDescription">What of it just now.</param>
public sealed class ProgressRecord(int activityId, string activity, string statusDescription)
{
    /// <summary>Tells several apart.</summary>
    public int ActivityId { get; } = activityId;

    /// <summary>What is being done.</summary>
    public string Activity { get; set; } = activity;

    /// <summary>What of it just now.</summary>
    public string StatusDescription { get; set; } = statusDescription;

    /// <summary>0 to 100; -1 when unknown.</summary>
    public int PercentComplete { get; set; } = -1;

    /// <summary>Seconds left; -1 when unknown.</summary>
    public int SecondsRemaining { get; set; } = -1;

    /// <summary>Whether it goes on or is done.</summary>
    public ProgressRecordType RecordType { get; set; }
}

/// <summary>Whether something goes on or is done.</summary>
public enum ProgressRecordType
{
    /// <summary>It goes on.</summary>
    Processing,

    /// <summary>It is done.</summary>
    Completed,
}
