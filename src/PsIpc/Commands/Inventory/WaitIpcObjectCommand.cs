using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Waits until any or all of several objects are ready, and takes nothing from them: poll(2), inotify(7), pidfd_open(2).</summary>
[Cmdlet(VerbsLifecycle.Wait, "IpcObject", DefaultParameterSetName = AddressSets.Object)]
[OutputType(typeof(IpcObject), typeof(IpcHandle), typeof(PipedProcess), typeof(Process), typeof(int), typeof(string))]
public sealed class WaitIpcObjectCommand : KindAddressCommand
{
    private const int MostNames = 5;
    private static readonly string LookText = string.Create(
        CultureInfo.InvariantCulture, $"{ReadinessSet.ShortestPause.TotalMilliseconds} ms apart at first, {ReadinessSet.LongestPause.TotalMilliseconds} ms at last");

    private readonly ReadinessSet _set = new();
    private readonly List<WaitTarget> _targets = [];
    private readonly WaitTables _tables = new();

    /// <summary>
    /// What to wait for: records of Get-IpcObject and the New- cmdlets, handles, locks of Lock-File, processes, what Get-IpcHolder emits; also a FileStream,
    /// a pipe or a socket of .NET.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Object)]
    [ValidateNotNullOrEmpty]
    public object[] InputObject { get; set; } = [];

    /// <summary>Processes, by their numbers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Process)]
    [ValidateRange(1, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[] ProcessId { get; set; } = [];

    /// <summary>FIFOs, the files of Unix sockets, and regular files, of which the locks are meant; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The same, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.LiteralPath)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What they are to become: Readable, or Gone of what can be nothing else, unless said otherwise.</summary>
    [Parameter]
    public WaitCondition? Until { get; set; }

    /// <summary>Waits until one of them is ready; so it does unless said otherwise. All that are ready at that moment are emitted.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Waits until all of them are ready at one moment.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Which semaphores of a System V set, from 0: the first unless said otherwise. All of these are meant.</summary>
    [Parameter]
    [ValidateRange(0, ushort.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemaphoreIndexCompleter))]
    public int[]? Index { get; set; }

    /// <summary>Never waits: what is ready now is emitted, or nothing.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long to wait: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then the error ReadinessTimeout.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(Any), nameof(All));
        RefuseTogether(nameof(NoWait), nameof(Timeout));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        InventoryContext context = new();
        switch (ParameterSetName)
        {
            case AddressSets.Process:
                Array.ForEach(ProcessId, id => Add(id, id.ToString(CultureInfo.InvariantCulture), () => WaitTarget.OfProcess(id, Until)));
                break;
            case AddressSets.Path:
                AddPaths(Path, isLiteral: false, context);
                break;
            case AddressSets.LiteralPath:
                AddPaths(LiteralPath, isLiteral: true, context);
                break;
            default:
                Add((IEnumerable<object?>?)FindAddressed(context) ?? InputObject, context);
                break;
        }
    }

    /// <summary>Only now is everything there that is to be waited for: they are waited for together, so they are collected first.</summary>
    protected override void EndProcessing()
    {
        Describe();
        Deadline deadline = Deadline.Of(NoWait, Timeout);
        while (_set.Count > 0)
        {
            WaitStatus status = Wait(deadline);
            while (_set.TryTakeFailure(out ReadinessSource? source, out IpcException? failure))
            {
                WaitTarget failed = _targets.Find(one => one.Source == source)!;
                _targets.Remove(failed);
                Report(failure!, failed.Given, failed.Name);
            }

            HashSet<ReadinessSource> ready = [.. _set.Ready];
            if (status == WaitStatus.Done && (All ? ready.Count == _set.Count : ready.Count > 0))
            {
                _targets.Where(one => ready.Contains(one.Source)).ToList().ForEach(one => WriteObject(one.Given));
                return;
            }

            if (status == WaitStatus.TimedOut)
            {
                WaitTarget[] late = [.. _targets.Where(one => !ready.Contains(one.Source))];
                WriteError(Failure.Timeout(
                    "ReadinessTimeout", late.Select(one => one.Given).ToArray(), Names(late), Timeout ?? TimeSpan.Zero, ("condition", Until?.ToString() ?? "ready")));
            }

            if (status != WaitStatus.Done)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _set.Dispose();
        }

        base.Dispose(disposing);
    }

    private WaitStatus Wait(Deadline deadline)
    {
        WaitStatus status;
        try
        {
            status = _set.Wait(All, Waiter, deadline);
        }
        catch (IpcException e)
        {
            ThrowFailure(e, null, "objects");
            throw;
        }

        return status == WaitStatus.Cancelled || Waiter.IsCancelled ? throw new PipelineStoppedException() : status;
    }

    private void Add(IEnumerable<object?> given, InventoryContext context)
    {
        foreach (object? one in given)
        {
            object? value = Meant(one);
            Add(one, WaitTarget.NameOf(value), () => WaitTarget.Open(
                value is IpcObject ? value : one!, value, Until, Index ?? [0], context, _tables));
        }
    }

    private void AddPaths(string[] paths, bool isLiteral, InventoryContext context)
    {
        foreach (string file in paths.SelectMany(path => ResolvePaths(path, isLiteral)))
        {
            Add(file, file, () => OpenPath(file, context));
        }
    }

    private WaitTarget OpenPath(string path, InventoryContext context)
    {
        using FileObject file = FileObject.TryOpen(path) ?? throw new IpcException("stat", Errno.ENOENT);
        IpcObject? record = file.Type switch
        {
            FileObjectType.Fifo => FifoOperations.Describe(context, file, path),
            FileObjectType.Socket => UnixSocketOperations.Describe(context, file, path),
            FileObjectType.Regular => null,
            _ => throw new WaitRefusedException("PathNotWaitable", path, Until),
        };
        return record is null ? WaitTarget.OfFile(path, Until, _tables) : WaitTarget.Open(record, record, Until, [0], context, _tables);
    }

    /// <summary>Opens something and adds it; what is wrong with it is an error of its own and stops none of the others.</summary>
    private void Add(object? given, string name, Func<WaitTarget> open)
    {
        WaitTarget? target = null;
        try
        {
            target = open();
            name = target.Name;
            ReadinessMeans means = _set.Add(target.Source);
            _targets.Add(target);
            WriteVerbose($"{name}: {TextOf(means)}.");
        }
        catch (WaitRefusedException e)
        {
            WriteError(Failure.Of(e.ErrorId, ErrorCategory.InvalidArgument, given, ("target", e.Name), ("condition", e.Condition?.ToString() ?? "Readable")));
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(given, name));
        }
        catch (HandleRefusedException e)
        {
            WriteError(Failure.Of(e.ErrorId, ErrorCategory.ObjectNotFound, given, ("target", name), ("type", given?.GetType())));
        }
        catch (ObjectDisposedException)
        {
            WriteError(Failure.Of("HandleClosed", ErrorCategory.ObjectNotFound, given, ("target", name)));
        }
        catch (IpcException e)
        {
            target?.Source.Dispose();
            Report(e, given, name);
        }
    }

    private void Report(IpcException failure, object? given, string name) =>
        WriteFailure(failure, given, name, ("who", Owners.Of(failure, Meant(given) as IpcObject)));

    private void Describe()
    {
        if (_targets.Count > 1)
        {
            WriteVerbose($"Waiting for {(All ? "all" : "any")} of {_targets.Count}.");
        }
    }

    private static string TextOf(ReadinessMeans means) => means switch
    {
        ReadinessMeans.Look => $"nothing tells of it; it is looked at, {LookText}",
        ReadinessMeans.Itself => "this process tells of it at once",
        _ => "the kernel tells of it at once",
    };

    private static string Names(WaitTarget[] targets) =>
        string.Join(", ", targets.Take(MostNames).Select(one => one.Name)) + (targets.Length > MostNames ? ", …" : "");

    /// <summary>What a value stands for: pictures that went through CLIXML, a job or remoting name the object still.</summary>
    private static object? Meant(object? given)
    {
        const string ownNamespace = "PsIpc.";
        object? value = given is PSObject wrapper ? wrapper.BaseObject : given;
        if (DeserializedType.Of(given) is { } type)
        {
            PSObject bag = (PSObject)given!;
            return (type.StartsWith(ownNamespace, StringComparison.Ordinal) ? Rehydration.FromBag(type[ownNamespace.Length..], bag) : null)
                ?? (object?)Rehydration.ProcessFromBag(type, bag) ?? value;
        }

        return value is IpcHolder holder ? RecordedProcess.Of(holder) : value;
    }
}
