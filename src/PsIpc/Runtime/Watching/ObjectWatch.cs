using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Native;
using PsIpc.Native.Waiting;
using PsIpc.Native.Watching;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>
/// Watches objects: sleeps until the kernel tells that something happened in a directory, or until it is time to look at what the kernel
/// tells nobody of. One thread does everything: whoever takes the events.
/// </summary>
internal sealed class ObjectWatch : IDisposable
{
    /// <summary>Between two looks, while things happen.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>Between two looks, when nothing has happened for a while.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>So many times as long as a look takes is waited until the next: less than 2 % of a processor, with what surrounds it.</summary>
    private const int Rest = 65;

    private const double Slowdown = 1.5;
    private readonly Queue<IpcObjectEvent> _events = new();
    private readonly List<DirectoryChange> _changes = [];
    private readonly List<WatchSource> _sources = [];
    private readonly HashSet<string> _kinds;
    private DirectoryWatch? _directories;
    private InventoryContext? _context;
    private TimeSpan _interval = Shortest;
    private TimeSpan _cost;
    private TimeSpan _lastCost;
    private Deadline _nextPoll = Deadline.Infinite;
    private bool _isActive;

    internal ObjectWatch(WatchRequest request)
    {
        Request = request;
        _kinds = [.. request.Kinds.Select(one => one.Kind.ToString())];
    }

    /// <summary>What is watched.</summary>
    internal WatchRequest Request { get; }

    /// <summary>The directories, of all sources together.</summary>
    internal DirectoryWatch Directories => _directories ??= new DirectoryWatch();

    /// <summary>What all that is looked at at one time has in common.</summary>
    internal InventoryContext Context => _context ??= new InventoryContext();

    /// <inheritdoc/>
    public void Dispose()
    {
        _sources.ForEach(source => source.Dispose());
        _directories?.Dispose();
    }

    /// <summary>Begins to watch, and lists what is there.</summary>
    /// <exception cref="IpcException">inotify_init1, inotify_add_watch: a limit keeps it from watching.</exception>
    internal void Start()
    {
        foreach (WatchSource source in Sources())
        {
            try
            {
                source.Start();
                _sources.Add(source);
            }
            catch (IpcException e) when (e.Errno is not (Errno.ENOSPC or Errno.EMFILE))
            {
                source.Dispose();
                Request.Failed(e, source.Target.Kind, source.Target.DisplayName);
            }
            catch
            {
                source.Dispose();
                throw;
            }
        }

        _context = null;
        if (_sources.Exists(one => one.IsPolled))
        {
            Request.Verbose(Request.PollingInterval is { } fixedInterval
                ? string.Create(CultureInfo.InvariantCulture, $"What the kernel tells nobody of is looked at every {fixedInterval.TotalSeconds:0.###} s.")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"What the kernel tells nobody of is looked at every {Shortest.TotalMilliseconds} ms while something happens, every {Longest.TotalSeconds} s when nothing does, and less often where a look takes more than {Longest.TotalMilliseconds / Rest} ms."));
        }

        Schedule();
    }

    /// <summary>The next event.</summary>
    /// <param name="waiter">Ends the wait when it is cancelled.</param>
    /// <param name="end">Until when to wait.</param>
    /// <param name="next">The event.</param>
    /// <returns>Done with an event; WouldBlock when there is nothing left that could be watched; TimedOut, Cancelled.</returns>
    internal WaitStatus Next(Waiter waiter, Deadline end, out IpcObjectEvent? next)
    {
        while (!_events.TryDequeue(out next))
        {
            if (_sources.Count == 0)
            {
                return WaitStatus.WouldBlock;
            }

            Deadline due = _sources.Aggregate(Deadline.Earlier(end, _nextPoll), (first, source) => Deadline.Earlier(first, source.Due));
            WaitStatus status = _directories is null ? waiter.Sleep(due) : _directories.Wait(waiter, due);
            if (status == WaitStatus.Cancelled)
            {
                return status;
            }

            Look();
            if (_events.Count == 0 && end.HasPassed)
            {
                return WaitStatus.TimedOut;
            }
        }

        return WaitStatus.Done;
    }

    /// <summary>Ends a listing that takes long.</summary>
    internal void ThrowIfStopped()
    {
        if (Request.IsStopped())
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Has what is looked at from now on be looked at anew.</summary>
    internal void RenewContext() => _context = null;

    internal void Emit(string type, IpcObject subject) => Emit(type, subject, null, [], subject.Summary);

    internal void Emit(string type, IpcObject subject, IpcObject? previous, string[] names, string text)
    {
        _isActive = true;
        if (_kinds.Contains(subject.Kind))
        {
            _events.Enqueue(new IpcObjectEvent(type, subject.Kind, subject.Name, subject, previous, names, text));
        }
    }

    /// <summary>Tells of an object that was gone before it could be looked at.</summary>
    internal void EmitUnseen(string type, IpcKind kind, string name)
    {
        _isActive = true;
        if (_kinds.Contains(kind.ToString()))
        {
            _events.Enqueue(new IpcObjectEvent(type, kind.ToString(), name, null, null, [], ""));
        }
    }

    internal void EmitExisting(IpcObject subject)
    {
        if (Request.IncludesExisting)
        {
            Emit(IpcObjectEvent.Existing, subject);
        }
    }

    private void Look()
    {
        _context = null;
        _isActive = false;
        if (_directories is not null && _directories.Read(_changes))
        {
            Apply();
        }

        foreach (WatchSource source in _sources)
        {
            source.Settle();
        }

        if (_nextPoll.HasPassed)
        {
            Poll();
        }
        else if (_isActive && Request.PollingInterval is null)
        {
            // Where something has just happened, more may follow that only a look tells.
            _interval = Shortest;
            _nextPoll = Deadline.Earlier(_nextPoll, Deadline.After(Interval));
        }

        _context = null;
        foreach (WatchSource over in _sources.Where(one => one.IsOver).ToArray())
        {
            _sources.Remove(over);
            over.Dispose();
        }

        if (_nextPoll.IsInfinite)
        {
            Schedule();
        }
    }

    private void Apply()
    {
        foreach (DirectoryChange change in _changes)
        {
            if (change.Type == DirectoryChangeType.Overflow)
            {
                Request.Overflowed();
                _context = null;
                _sources.ForEach(source => source.ListAnew());
                continue;
            }

            // One of none is older than the end of its watch.
            _sources.Find(source => source.Owns(change.Watch))?.Apply(change);
        }
    }

    private void Poll()
    {
        long start = Stopwatch.GetTimestamp();
        foreach (WatchSource source in _sources)
        {
            source.Poll();
        }


        // The shorter of the last two: one that was compiled meanwhile, or did not get the processor, says nothing of the next.
        TimeSpan cost = Stopwatch.GetElapsedTime(start);
        (_cost, _lastCost) = (cost < _lastCost ? cost : _lastCost, cost);
        _interval = _isActive ? Shortest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, (long)(_interval.Ticks * Slowdown)));
        Schedule();
    }

    private TimeSpan Interval => Request.PollingInterval ?? TimeSpan.FromTicks(Math.Max(_interval.Ticks, _cost.Ticks * Rest));

    private void Schedule() => _nextPoll = _sources.Exists(one => one.IsPolled) ? Deadline.After(Interval) : Deadline.Infinite;

    private IEnumerable<WatchSource> Sources()
    {
        if (Request.Roots is not null)
        {
            yield return new FileTreeSource(this, Wants(IpcKind.Fifo), Wants(IpcKind.UnixSocket));
            yield break;
        }

        if (Wants(IpcKind.PosixSharedMemory) || Wants(IpcKind.PosixSemaphore))
        {
            yield return new SharedMemoryFolderSource(this, Wants(IpcKind.PosixSemaphore));
        }

        foreach (KindOperations operations in Request.Kinds)
        {
            switch (operations.Kind)
            {
                case IpcKind.PosixSharedMemory or IpcKind.PosixSemaphore:
                    break;
                case IpcKind.PosixMessageQueue:
                    yield return new MessageQueueFolderSource(this);
                    break;
                case var _ when operations.HasKey:
                    yield return new SysVSource(this, operations);
                    break;
                default:
                    yield return new ListedSource(this, operations);
                    break;
            }
        }
    }

    private bool Wants(IpcKind kind) => _kinds.Contains(kind.ToString());
}
