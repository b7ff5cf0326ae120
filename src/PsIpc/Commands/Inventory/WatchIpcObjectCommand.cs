using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Runtime.Kinds;
using PsIpc.Runtime.Watching;

namespace PsIpc.Commands;

/// <summary>Tells of IPC objects that are made, changed and removed, as it happens: inotify(7), and looks at tables of which the kernel tells nobody.</summary>
[Cmdlet(VerbsCommon.Watch, "IpcObject", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(IpcObjectEvent))]
public sealed class WatchIpcObjectCommand : ObjectQueryCommand
{
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private WildcardPattern[]? _names;
    private ObjectWatch? _watch;

    /// <summary>Only these events: Created, Changed, Removed; all unless said otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IpcEventType[]? Event { get; set; }

    /// <summary>Tells first of what is there already, by events called Existing.</summary>
    [Parameter]
    public SwitchParameter IncludeExisting { get; set; }

    /// <summary>Ends after so many events, those of what is there already not counted.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>How long to wait in all: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then the error WatchTimeout.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long to watch: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then the cmdlet ends, and that is no error.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Duration { get; set; }

    /// <summary>
    /// How long to wait between two looks at what the kernel tells nobody of: seconds, '250ms' or a TimeSpan, 1 ms at least. Unless said
    /// otherwise, 50 ms while something happens, up to 1 s when nothing does, and never more often than costs 2 % of a processor.
    /// </summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? PollingInterval { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(Timeout), nameof(Duration));
        if (PollingInterval < TimeSpan.FromMilliseconds(1))
        {
            ThrowTerminatingError(Failure.Of(
                "PollingIntervalTooShort", ErrorCategory.InvalidArgument, PollingInterval, ("value", PollingInterval.Value.TotalMilliseconds)));
        }

        _names = Name?.Select(name => new WildcardPattern(name, WildcardOptions.None)).ToArray();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        IReadOnlyList<string>? roots = Roots();
        if (roots is { Count: 0 })
        {
            return; // none of the paths stands for anything, which was said
        }

        _watch = new ObjectWatch(new WatchRequest
        {
            Kinds = roots is null ? WatchedKinds() : KindsOf(Kind ?? [IpcKind.Fifo, IpcKind.UnixSocket]),
            Roots = roots,
            IncludesExisting = IncludeExisting,
            PollingInterval = PollingInterval,
            IsStopped = () => Stopping,
            Failed = Report,
            RootGone = root => WriteError(Failure.Of("WatchedDirectoryGone", ErrorCategory.ObjectNotFound, root, ("target", root))),
            Overflowed = () => WriteWarning(Sentences.Format("WatchOverflow")),
            Verbose = WriteVerbose,
        });
        Deadline deadline = (Timeout ?? Duration) is { } time ? Deadline.After(time) : Deadline.Infinite;
        try
        {
            _watch.Start();
            WriteVerbose("Watching.");
            Run(deadline);
        }
        catch (IpcException e)
        {
            ThrowFailure(e, null, "watch");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Run(Deadline deadline)
    {
        for (int left = Count ?? int.MaxValue; left > 0;)
        {
            switch (_watch!.Next(Waiter, deadline, out IpcObjectEvent? next))
            {
                case WaitStatus.Done:
                    if (IsWanted(next!))
                    {
                        left -= Count is null || next!.Event == IpcObjectEvent.Existing ? 0 : 1;
                        WriteObject(next);
                    }

                    if (deadline.HasPassed && next!.Event != IpcObjectEvent.Existing)
                    {
                        goto case WaitStatus.TimedOut; // however much happens that is not wanted; what is there already is told whole
                    }

                    break;
                case WaitStatus.TimedOut:
                    if (left > 0 && Timeout is { } time)
                    {
                        WriteError(Failure.Timeout("WatchTimeout", null, "watch", time));
                    }

                    return;
                case WaitStatus.Cancelled:
                    throw new PipelineStoppedException();
                default:
                    return; // nothing is left to watch, which was said
            }
        }
    }

    private IReadOnlyList<string>? Roots()
    {
        if (ParameterSetName is not (AddressSets.Path or AddressSets.LiteralPath))
        {
            return null;
        }

        foreach (IpcKind other in Kind ?? [])
        {
            if (other is not (IpcKind.Fifo or IpcKind.UnixSocket))
            {
                ThrowTerminatingError(Failure.Of("KindHasNoPath", ErrorCategory.InvalidArgument, other, ("kind", other)));
            }
        }

        return [.. (Path ?? LiteralPath)!.SelectMany(path => ResolvePaths(path, isLiteral: Path is null)).Distinct()];
    }

    /// <summary>Where objects are addressed by key or id, those kinds that have one.</summary>
    private IReadOnlyList<KindOperations> WatchedKinds()
    {
        IReadOnlyList<KindOperations> kinds = KindsOf(Kind);
        if (ParameterSetName == AddressSets.Name)
        {
            return kinds;
        }

        foreach (KindOperations other in kinds)
        {
            if (Kind is not null && !other.HasKey)
            {
                ThrowTerminatingError(Failure.Of("KindHasNoKey", ErrorCategory.InvalidArgument, other.Kind, ("kind", other.Kind)));
            }
        }

        return [.. kinds.Where(one => one.HasKey)];
    }

    /// <summary>A kind or path that cannot be watched is an error where it was asked for, else a warning.</summary>
    private void Report(IpcException failure, object target, string name)
    {
        ErrorRecord error = Failure.Of(failure, target, name);
        if (target is IpcKind && Kind is null)
        {
            WriteWarning(error.Exception.Message);
        }
        else
        {
            WriteError(error);
        }
    }

    private bool IsWanted(IpcObjectEvent one)
    {
        if (!IsFollowed(one) || (Owner is not null && !new[] { one.Object, one.Previous }.Any(subject => subject is not null && IsOwned(subject))))
        {
            return false;
        }

        return Event is null || one.Event == IpcObjectEvent.Existing || Array.Exists(Event, type => type.ToString() == one.Event);
    }

    /// <summary>A segment that is removed while it is attached has no key any more: it is told of all the same until it goes.</summary>
    private bool IsFollowed(IpcObjectEvent one)
    {
        bool isAddressed = IsAddressed(one.Object, one.Name) || (one.Previous is { } previous && IsAddressed(previous, previous.Name));
        if (one.Object is not SysVObject subject)
        {
            return isAddressed;
        }

        string identity = string.Create(CultureInfo.InvariantCulture, $"{subject.Kind} {subject.Id}");
        return one.Event == nameof(IpcEventType.Removed) ? _followed.Remove(identity) || isAddressed
            : isAddressed ? _followed.Add(identity) || true
            : _followed.Contains(identity);
    }

    private bool IsAddressed(IpcObject? subject, string name) => ParameterSetName switch
    {
        AddressSets.Key => subject is SysVObject { Key: var key } && Array.Exists(Key!, one => one.ToInt32() == key),
        AddressSets.Id => subject is SysVObject { Id: var id } && Array.IndexOf(Id!, id) >= 0,
        _ => _names is null || Array.Exists(_names, pattern => pattern.IsMatch(name)) || Array.IndexOf(Name!, name) >= 0, // pipe:[123] is a name, too
    };
}
