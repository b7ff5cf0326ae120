using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>
/// Waits for any or all of several sources, on the caller's own thread, in one poll(2) over all that have a descriptor. For those that
/// nothing tells of, the poll ends now and then and they are looked at.
/// </summary>
/// <remarks>
/// For one thread; <see cref="Waiter.Cancel"/> may come from any. Whoever else waits for the same object learns of it as well: nothing is taken, and
/// poll(2) wakes all.
/// </remarks>
public sealed class ReadinessSet : IDisposable
{
    /// <summary>How far apart the looks are at most.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How far apart they are at first.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How far apart the looks are for what is seldom: that something vanishes of which the kernel tells when it is ready; and what inotify does not
    /// tell: that a directory above a file was renamed, or a file system unmounted.
    /// </summary>
    private static readonly TimeSpan SeldomPause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A pause is a twentieth of the time that was waited already, so that it is never noticed beside that, and twenty times as long as a look takes, so
    /// that what the kernel tells of seldom comes in the middle of one: a table of many locks takes milliseconds to read.
    /// </summary>
    private const int Share = 20;

    /// <summary>For so long after inotify has told something the files are looked at often: it tells before the name is free.</summary>
    private static readonly TimeSpan FileAftermath = TimeSpan.FromMilliseconds(100);

    private readonly List<Entry> _entries = [];
    private readonly List<(ReadinessSource, IpcException)> _failures = [];
    private readonly Lock _gate = new();
    private SafeDescriptor? _change;
    private FileWatch? _files;
    private Deadline _aftermath;
    private bool _hasLooks;
    private bool _hasSeldom;
    private long _look;
    private long _lookedAt;
    private TimeSpan _cost;
    private Libc.pollfd[] _polled = [];

    /// <summary>How many sources there are left that can become ready.</summary>
    public int Count => _entries.Count;

    /// <summary>Adds a source, which is disposed with this set, or as soon as it has failed.</summary>
    /// <param name="source">The source.</param>
    /// <exception cref="ObjectDisposedException">Its descriptor is closed.</exception>
    /// <exception cref="IpcException">"eventfd" EMFILE.</exception>
    /// <returns>How it will be learnt that it is ready: where inotify has no room left, it is looked at.</returns>
    public ReadinessMeans Add(ReadinessSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Entry entry = new(source);
        if (source.Descriptor is { } descriptor)
        {
            bool held = false;
            descriptor.DangerousAddRef(ref held); // its number is in use as long as it is polled, whoever closes it meanwhile
            entry.Held = descriptor;
        }

        try
        {
            source.Changed = OnChanged;
            ReadinessMeans means = source.Means;
            if (means is ReadinessMeans.Itself or ReadinessMeans.Descriptor)
            {
                _change ??= SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");
            }

            if (source.WatchedFile is { } file)
            {
                bool isWatched = (_files ??= FileWatch.TryCreate())?.TryAdd(file) == true;
                _hasSeldom |= isWatched;
                if (isWatched)
                {
                    source.OnWatched();
                }

                means = isWatched || means != ReadinessMeans.File ? means : ReadinessMeans.Look;
            }

            _hasLooks |= means == ReadinessMeans.Look;
            _hasSeldom |= source.CanVanish;
            _entries.Add(entry);
            return means;
        }
        catch
        {
            entry.LetGo();
            throw;
        }
    }

    /// <summary>The sources that were ready at the end of the wait.</summary>
    public IEnumerable<ReadinessSource> Ready
    {
        get
        {
            foreach (Entry entry in _entries)
            {
                if (entry.IsReady)
                {
                    yield return entry.Source;
                }
            }
        }
    }

    /// <summary>Takes a source that will never be ready out of the set, with the reason; false when there is none.</summary>
    /// <param name="source">The source, which is disposed.</param>
    /// <param name="failure">Why.</param>
    public bool TryTakeFailure(out ReadinessSource? source, out IpcException? failure)
    {
        (source, failure) = (null, null);
        if (_failures.Count == 0)
        {
            return false;
        }

        (source, failure) = _failures[0];
        _failures.RemoveAt(0);
        return true;
    }

    /// <summary>Waits.</summary>
    /// <param name="all">Whether for all of them, at one moment, or for any.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait; without waiting, they are looked at once.</param>
    /// <returns><see cref="WaitStatus.Done"/> also when a source has failed: take the failures then, and wait again for the rest.</returns>
    /// <exception cref="IpcException">"poll" EINVAL: more descriptors than RLIMIT_NOFILE.</exception>
    public WaitStatus Wait(bool all, Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        long start = Stopwatch.GetTimestamp();
        bool isFresh = true;
        WaitStatus status = LookAtAll(waiter);
        while (status == WaitStatus.Done && _failures.Count == 0)
        {
            if (IsSatisfied(all))
            {
                if (!all || isFresh)
                {
                    return WaitStatus.Done;
                }

                // Each was ready once. Whether all are, at one moment, only another look at all of them tells.
                isFresh = true;
                status = LookAtAll(waiter);
                continue;
            }

            if (deadline.IsNoWait || deadline.HasPassed)
            {
                return deadline.IsNoWait ? WaitStatus.WouldBlock : WaitStatus.TimedOut;
            }

            isFresh = false;
            status = Look(waiter, PauseNow(start), deadline);
        }

        return status;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.ForEach(entry => entry.LetGo());
        _entries.Clear();
        _files?.Dispose();
        lock (_gate)
        {
            _change?.Dispose();
        }
    }

    private WaitStatus LookAtAll(Waiter waiter)
    {
        _entries.ForEach(entry => entry.IsReady = false);
        return Look(waiter, TimeSpan.Zero, Deadline.NoWait);
    }

    private bool IsSatisfied(bool all) => all ? _entries.TrueForAll(entry => entry.IsReady) : _entries.Exists(entry => entry.IsReady);

    /// <summary>How far apart the looks are by now; for ever where nothing has to be looked at.</summary>
    private TimeSpan PauseNow(long start)
    {
        if (!_aftermath.HasPassed)
        {
            return ShortestPause;
        }

        if (_hasLooks)
        {
            TimeSpan share = Stopwatch.GetElapsedTime(start) / Share;
            share = _cost * Share > share ? _cost * Share : share;
            return share < ShortestPause ? ShortestPause : share > LongestPause ? LongestPause : share;
        }

        return _hasSeldom ? SeldomPause : TimeSpan.MaxValue;
    }

    /// <summary>Milliseconds until a pause since the last look, or the deadline, is over, rounded up; -1 for ever.</summary>
    private int TimeToPoll(TimeSpan pause, Deadline deadline)
    {
        TimeSpan time = pause;
        if (time != TimeSpan.MaxValue && time != TimeSpan.Zero)
        {
            TimeSpan past = Stopwatch.GetElapsedTime(_lookedAt);
            time = past < pause ? pause - past : TimeSpan.Zero;
        }

        if (!deadline.IsInfinite && !deadline.IsNoWait && deadline.Remaining < time)
        {
            time = deadline.Remaining;
        }

        return time == TimeSpan.MaxValue ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalMilliseconds));
    }

    /// <summary>Polls until the next look is due, and looks at all that were not ready before; at no more than the kernel has told of when it wakes us earlier.</summary>
    private WaitStatus Look(Waiter waiter, TimeSpan pause, Deadline deadline)
    {
        int count = Fill();
        int milliseconds = TimeToPoll(pause, deadline);
        if (Poll(waiter, count, milliseconds) == WaitStatus.Cancelled)
        {
            return WaitStatus.Cancelled;
        }

        int own = 0;
        bool isDue = deadline.HasPassed || Stopwatch.GetElapsedTime(_lookedAt) >= pause;
        if (_change is { } change && (_polled[own++].revents & Libc.POLLIN) != 0)
        {
            Acknowledge(change);
            isDue = true;
        }

        if (_files is { } files && (_polled[own].revents & Libc.POLLIN) != 0)
        {
            files.Drain();
            _aftermath = Deadline.After(FileAftermath);
            isDue = true;
        }

        _look += isDue ? 1 : 0;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < _entries.Count; i++)
        {
            Entry entry = _entries[i];
            if (!entry.IsReady && (isDue || (entry.Slot >= 0 && _polled[entry.Slot].revents != 0)) && !TryLook(entry))
            {
                _entries.RemoveAt(i--);
            }
        }

        if (isDue)
        {
            _cost = Stopwatch.GetElapsedTime(begin);
            _lookedAt = Stopwatch.GetTimestamp();
        }

        return WaitStatus.Done;
    }

    private bool TryLook(Entry entry)
    {
        try
        {
            short found = entry.Slot >= 0 ? _polled[entry.Slot].revents : (short)0;
            entry.IsReady = entry.Source.IsReady((DescriptorEvents)found, _look);
            return true;
        }
        catch (IpcException e)
        {
            _failures.Add((entry.Source, e));
            entry.LetGo();
            return false;
        }
    }

    /// <summary>The own descriptors first, then those of all that are not ready.</summary>
    private int Fill()
    {
        int most = _entries.Count + 2;
        if (_polled.Length < most)
        {
            _polled = new Libc.pollfd[most];
        }

        int count = 0;
        if (_change is not null)
        {
            _polled[count++] = new() { fd = (int)_change.DangerousGetHandle(), events = Libc.POLLIN };
        }

        if (_files is not null)
        {
            _polled[count++] = new() { fd = (int)_files.Descriptor.DangerousGetHandle(), events = Libc.POLLIN };
        }

        foreach (Entry entry in _entries)
        {
            entry.Slot = -1;
            if (!entry.IsReady && entry.Held is { } held)
            {
                entry.Slot = count;
                _polled[count++] = new() { fd = (int)held.DangerousGetHandle(), events = (short)entry.Source.Events };
            }
        }

        return count;
    }

    private unsafe WaitStatus Poll(Waiter waiter, int count, int milliseconds)
    {
        fixed (Libc.pollfd* descriptors = _polled)
        {
            WaitStatus status = waiter.Run(
                new PollSetCall(descriptors, count, milliseconds), milliseconds == 0 ? Deadline.NoWait : Deadline.Infinite, out _);
            GC.KeepAlive(this);
            return status;
        }
    }

    private static unsafe void Acknowledge(SafeDescriptor change)
    {
        ulong value;
        _ = Libc.read(change, (byte*)&value, sizeof(ulong));
    }

    /// <summary>On whichever thread closes a handle or gives a lock back.</summary>
    private void OnChanged()
    {
        lock (_gate)
        {
            if (_change is { IsClosed: false } change)
            {
                _ = Libc.eventfd_write((int)change.DangerousGetHandle(), 1);
            }
        }
    }

    private sealed class Entry(ReadinessSource source)
    {
        internal ReadinessSource Source => source;

        internal SafeDescriptor? Held { get; set; }

        internal bool IsReady { get; set; }

        /// <summary>Where it is in the array that is polled; -1 when it is not.</summary>
        internal int Slot { get; set; } = -1;

        internal void LetGo()
        {
            Held?.DangerousRelease();
            Held = null;
            source.Changed = null;
            source.Dispose();
        }
    }
}
