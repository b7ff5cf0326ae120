using System;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Memory;
using PsIpc.Runtime;
using PsIpc.Runtime.Graph;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Shows who talks to whom, and who waits for whom: processes and the objects between them, as a picture or as an object.</summary>
[Cmdlet(VerbsCommon.Show, "IpcGraph", DefaultParameterSetName = AddressSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(string))]
[OutputType(typeof(IpcGraph))]
public sealed class ShowIpcGraphCommand : ObjectFilterCommand
{
    private const int MermaidEdges = 500;
    private const int MermaidCharacters = 50_000;

    private readonly List<IpcObject> _given = [];
    private readonly HashSet<int> _processes = [];
    private InventoryContext _context = new();
    private GraphForm _form;
    private string? _file;

    /// <summary>Only objects of these names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = AddressSets.Name)]
    [SupportsWildcards]
    [ValidateWildcard]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ObjectNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only these objects, as Get-IpcObject or Get-FileLock emits them, or what these processes have.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = AddressSets.Object)]
    [IpcObjectTransformation]
    [ProcessTransformation]
    [ValidateNotNullOrEmpty]
    public object[] InputObject { get; set; } = [];

    /// <summary>Only objects of these kinds. All kinds unless said otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IpcKind[]? Kind { get; set; }

    /// <summary>Only what these processes have, and who else has it.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[]? ProcessId { get; set; }

    /// <summary>Only processes that wait for one another in a circle, and what for.</summary>
    [Parameter]
    public SwitchParameter Deadlock { get; set; }

    /// <summary>Also objects that one process alone has, and files that nobody who has mapped them writes to.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Mermaid, Dot, Html, or Object for scripts. Mermaid unless the file's name says otherwise.</summary>
    [Parameter]
    public GraphForm? As { get; set; }

    /// <summary>The file to write to, instead of the pipeline.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Overwrites the file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _form = As ?? FormOf(Path);
        if (Path is null)
        {
            return;
        }

        if (_form == GraphForm.Object)
        {
            ThrowTerminatingError(Failure.Of("ParameterConflict", ErrorCategory.InvalidArgument, null, ("first", "As Object"), ("second", "Path")));
        }

        try
        {
            _file = ResolveNewPath(Path);
        }
        catch (Exception e) when (e is IContainsErrorRecord and not PipelineStoppedException)
        {
            ThrowTerminatingError(((IContainsErrorRecord)e).ErrorRecord);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object one in InputObject)
        {
            Take(one);
        }

        foreach (int pid in ProcessId ?? [])
        {
            if (_processes.Add(pid) && ProcessState.TryGetStartTicks(pid) is null)
            {
                ReportProcess(pid);
            }
        }
    }

    /// <summary>One look at the system serves all that was asked for.</summary>
    protected override void EndProcessing()
    {
        if (ParameterSetName == AddressSets.Object && _given.Count == 0 && _processes.Count == 0)
        {
            return; // nothing came, or nothing that can be shown
        }

        IReadOnlyList<KindOperations> kinds = Kind is null ? AllKinds.Operations : KindsOf(Kind);
        GraphBuilder builder = Look(kinds, out Func<IpcGraphNode, bool>? isWanted);
        IReadOnlyList<IpcDeadlock> deadlocks = GraphWaits.Add(builder, Contains(kinds, IpcKind.FileLock), null);
        if (deadlocks.Count > 0)
        {
            HashSet<int> seen = [];
            foreach (IpcDeadlock one in deadlocks)
            {
                seen.UnionWith(one.ProcessId);
            }

            builder = Look(kinds, out isWanted);
            deadlocks = GraphWaits.Add(builder, Contains(kinds, IpcKind.FileLock), seen);
        }

        ReportMisses(builder);
        GraphScope scope = new() { Processes = _processes.Count > 0 ? _processes : null, IsWanted = isWanted, All = All, Deadlock = Deadlock };
        Write(GraphFilter.Select(builder, deadlocks, scope));
    }

    private GraphBuilder Look(IReadOnlyList<KindOperations> kinds, out Func<IpcGraphNode, bool>? isWanted)
    {
        _context = new InventoryContext();
        GraphBuilder builder = new(_context);
        List<IpcObject> objects = [.. List(_context, kinds, Kind is not null, withHolders: true)];
        HolderSearch.FillFound(objects, _context);
        foreach (IpcObject subject in objects)
        {
            builder.Add(subject);
        }

        isWanted = Wanted(builder, kinds);
        return builder;
    }

    /// <summary>By what its name ends in.</summary>
    private static GraphForm FormOf(string? path) => System.IO.Path.GetExtension(path ?? "").ToUpperInvariant() switch
    {
        ".HTML" or ".HTM" => GraphForm.Html,
        ".DOT" or ".GV" => GraphForm.Dot,
        _ => GraphForm.Mermaid,
    };

    private void Take(object one)
    {
        try
        {
            if (one is IpcObject record)
            {
                Provenance.Check(record);
                _given.Add(record);
                return;
            }

            if (SignalRecipient.Of(one) is not { } process)
            {
                WriteError(Failure.Of("GraphInputRefused", ErrorCategory.InvalidType, one, ("value", one)));
                return;
            }

            (one as RecordedProcess)?.CheckProvenance();
            if (one is RecordedProcess { IsStillThere: false } || ProcessState.TryGetStartTicks(process.Id) is null)
            {
                ReportProcess(process.Id);
                return;
            }

            _processes.Add(process.Id);
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(one, one is IpcObject subject ? DisplayNameOf(subject) : $"process {one}"));
        }
    }

    private void ReportProcess(int pid) =>
        WriteError(Failure.Of("ProcessNotFound", ErrorCategory.ObjectNotFound, pid, ("target", pid.ToString(CultureInfo.InvariantCulture))));

    private static bool Contains(IReadOnlyList<KindOperations> kinds, IpcKind kind)
    {
        foreach (KindOperations one in kinds)
        {
            if (one.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is asked for by name or given is in the graph, even when no listing shows it: a FIFO that nobody has open.</summary>
    private Func<IpcGraphNode, bool>? Wanted(GraphBuilder builder, IReadOnlyList<KindOperations> kinds)
    {
        if (_given.Count > 0)
        {
            foreach (IpcObject record in _given)
            {
                if (!builder.Objects.Exists(node => IsOf(node, record)) && TryRefresh(record) is { } found)
                {
                    builder.Add(found);
                }
            }

            return node => _given.Exists(record => IsOf(node, record));
        }

        if (Name is null)
        {
            return null;
        }

        foreach (string name in Name)
        {
            string literal = WildcardPattern.Unescape(name);
            if (!WildcardPattern.ContainsWildcardCharacters(name) && !builder.Objects.Exists(node => node.Name == literal))
            {
                foreach (KindOperations operations in kinds)
                {
                    if (operations.Kind != IpcKind.FileLock && TryFind(() => operations.FindByName(_context, literal)) is { } found)
                    {
                        builder.Add(found);
                    }
                }
            }
        }

        WildcardPattern[] patterns = Array.ConvertAll(Name, name => new WildcardPattern(name, WildcardOptions.None));
        return node => Array.Exists(patterns, pattern => pattern.IsMatch(node.Name)) || Array.Exists(Name, name => name == node.Name);
    }

    private static bool IsOf(IpcGraphNode node, IpcObject record) => record is FileLock
        ? node.LockedFile is { } file && file == (record.Device ?? 0, record.Inode ?? 0)
        : node.Subjects.Exists(subject => AllKinds.Of(record).IsSame(record, subject));

    private IpcObject? TryRefresh(IpcObject record) =>
        TryFind(() => AllKinds.Of(record).Refresh(_context, record)) is { } found && AllKinds.Of(record).IsSame(record, found) ? found : null;

    private static IpcObject? TryFind(Func<IpcObject?> find)
    {
        try
        {
            return find();
        }
        catch (IpcException)
        {
            return null; // then it is reported as missing
        }
    }

    private void ReportMisses(GraphBuilder builder)
    {
        foreach (IpcObject record in _given)
        {
            ReportMiss(builder.Objects.Exists(node => IsOf(node, record)), record, DisplayNameOf(record));
        }

        foreach (string name in Name ?? [])
        {
            string literal = WildcardPattern.Unescape(name);
            ReportMiss(WildcardPattern.ContainsWildcardCharacters(name) || builder.Objects.Exists(node => node.Name == literal), literal, $"IPC object {literal}");
        }
    }

    private void Write(IpcGraph graph)
    {
        if (_form == GraphForm.Object)
        {
            WriteObject(graph);
            return;
        }

        string text = _form switch
        {
            GraphForm.Dot => DotGraph.Write(graph),
            GraphForm.Html => HtmlGraph.Write(graph),
            _ => MermaidGraph.Write(graph),
        };
        if (_form == GraphForm.Mermaid && (graph.Edges.Length > MermaidEdges || text.Length > MermaidCharacters))
        {
            WriteWarning(Sentences.Format("GraphTooLargeForMermaid", ("edges", graph.Edges.Length), ("characters", text.Length)));
        }

        if (_file is null)
        {
            WriteObject(text);
        }
        else if (ShouldProcess(_file, "Write a graph"))
        {
            Save(_file, text + "\n");
        }
    }

    private void Save(string path, string text)
    {
        string target = $"file '{path}'";
        try
        {
            using DataFile file = Force ? DataFile.OpenWrite(path) : DataFile.Create(path);
            file.Empty();
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IpcException e) when (e.Call == "open(data type)")
        {
            WriteError(Failure.Of("GraphFileType", ErrorCategory.InvalidArgument, path, ("target", target)));
        }
        catch (IpcException e)
        {
            WriteFailure(e, path, target);
        }
    }
}
