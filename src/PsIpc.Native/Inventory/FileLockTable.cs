using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc.Native.Inventory;

/// <summary>A lock on a file, or a request that waits for one. See proc_locks(5), flock(2), fcntl_locking(2).</summary>
public sealed class FileLockStatus
{
    private readonly List<FileLockStatus> _waiters = [];

    internal FileLockStatus(int number, FileLockLine line, FileLockStatus? blocker)
    {
        (Number, Line, Blocker) = (number, line, blocker);
        blocker?._waiters.Add(this);
    }

    /// <summary>Its number in the table; those who wait have the number of the lock that they wait for.</summary>
    public int Number { get; }

    /// <summary>What the table says of it.</summary>
    public FileLockLine Line { get; }

    /// <summary>What a request waits for: a lock, or another request; null of a lock.</summary>
    public FileLockStatus? Blocker { get; }

    /// <summary>The lock that a request waits for in the end: the kernel queues one behind another where they exclude each other as well; null of a lock.</summary>
    public FileLockStatus? BlockingLock => Blocker?.BlockingLock ?? Blocker;

    /// <summary>The requests that wait for it.</summary>
    public IReadOnlyList<FileLockStatus> Waiters => _waiters;

    /// <summary>These, and those that wait behind them.</summary>
    public IEnumerable<FileLockStatus> AllWaiters => _waiters.SelectMany(one => one.AllWaiters.Prepend(one));

    /// <summary>The descriptors by which processes hold it: more than one when it was inherited or passed on.</summary>
    public IReadOnlyList<LockedFile> Holders { get; internal set; } = [];

    /// <summary>The file; null where nobody who can be seen has it open.</summary>
    public string? Path { get; internal set; }

    /// <summary>
    /// Who took it, or holds it: of an open file description's lock that is found by its descriptors, of a request for one by the call in
    /// which its process sleeps. Null when out of sight.
    /// </summary>
    public int? ProcessId => Line.ProcessId > 0 ? Line.ProcessId : Holders.Count > 0 ? Holders[0].ProcessId : Request?.ProcessId;

    /// <summary>The call in which a process waits for an open file description's lock; null of others, and where it cannot be seen.</summary>
    internal BlockedCall? Request { get; set; }

    /// <summary>Whether it is a lock that is held until somebody gives it back, and no lease.</summary>
    internal bool IsOrdinary => Line.Kind is "FLOCK" or "POSIX" or "OFDLCK";

    /// <summary>Whether a request cannot be granted while a lock is held.</summary>
    internal bool ConflictsWith(FileLockStatus held)
    {
        if ((Line.Kind == "FLOCK") != (held.Line.Kind == "FLOCK")
            || (Line.Access == "READ" && held.Line.Access == "READ")
            || Line.Start > held.Line.End || held.Line.Start > Line.End)
        {
            return false;
        }

        if (Line.Kind == "POSIX")
        {
            return held.Line.Kind == "OFDLCK" || held.Line.ProcessId != Line.ProcessId;
        }

        if (Line.Kind == "OFDLCK" && held.Line.Kind == "OFDLCK")
        {
            // Whether it is the opening's own, only its descriptors tell.
            if (Request is null)
            {
                return false;
            }

            foreach (LockedFile holder in held.Holders)
            {
                if (holder.ProcessId == Request.ProcessId && holder.Descriptor == Request.Descriptor)
                {
                    return false;
                }
            }
        }

        return true;
    }
}

/// <summary>The locks on files that the current PID namespace sees, with those who wait for them.</summary>
public sealed class FileLockTable
{
    private FileLockTable(IReadOnlyList<FileLockStatus> locks) => Locks = locks;

    /// <summary>Locks, each followed by who waits for it.</summary>
    public IReadOnlyList<FileLockStatus> Locks { get; }

    /// <summary>Reads the table, and looks by which descriptors the locks are held.</summary>
    /// <param name="scan">The pass over /proc by which they were found.</param>
    /// <exception cref="IpcException">/proc/locks cannot be read.</exception>
    public static FileLockTable Read(out ProcessScan scan)
    {
        ProcessScanTargets targets = new();
        FileLockTable table = Read(targets);
        scan = ProcessScan.Run(targets);
        table.FindHolders(scan);
        return table;
    }

    /// <summary>Reads the table, and has a pass over /proc look for its files.</summary>
    /// <param name="targets">What the pass is to look for.</param>
    /// <exception cref="IpcException">/proc/locks cannot be read.</exception>
    public static FileLockTable Read(ProcessScanTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ProcFile reader = new();
        if (!reader.TryRead("/proc/locks"))
        {
            throw IpcException.Last("open(/proc/locks)");
        }

        List<FileLockStatus> locks = Parse(reader);
        targets.LockedInodes.UnionWith(locks.Select(one => one.Line.Inode));
        return new FileLockTable(locks);
    }

    /// <summary>The table as the kernel writes it: who compares it with what it was need not look for holders while nothing changes.</summary>
    /// <exception cref="IpcException">/proc/locks cannot be read.</exception>
    public static byte[] ReadText()
    {
        ProcFile reader = new();
        return reader.TryRead("/proc/locks") ? reader.Content.ToArray() : throw IpcException.Last("open(/proc/locks)");
    }

    /// <summary>Fills in holders and paths.</summary>
    /// <param name="scan">The pass that looked for them.</param>
    public void FindHolders(ProcessScan scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        ILookup<FileLockLine, LockedFile> held = scan.Locks.ToLookup(one => Shared(one.Line));
        Dictionary<(ulong, ulong), string> paths = [];
        foreach (LockedFile one in scan.Locks)
        {
            paths.TryAdd((one.Line.Device, one.Line.Inode), one.Path);
        }

        foreach (FileLockStatus one in Locks)
        {
            one.Holders = one.Blocker is null ? [.. held[Shared(one.Line)]] : [];
            one.Path = paths.GetValueOrDefault((one.Line.Device, one.Line.Inode));
        }
    }

    /// <summary>Whether somebody waits whom the table does not name: it has no pids for locks of open file descriptions.</summary>
    public bool HasNamelessWaiters
    {
        get
        {
            foreach (FileLockStatus one in Locks)
            {
                if (one is { Blocker: not null, Line.Kind: "OFDLCK", Request: null })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Fills in who waits for locks of open file descriptions.</summary>
    /// <param name="calls">In which calls the processes sleep.</param>
    public void FindWaiters(BlockedCalls calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        HashSet<BlockedCall> taken = [];
        foreach (FileLockStatus one in Locks)
        {
            if (one is not { Blocker: not null, Line.Kind: "OFDLCK" })
            {
                continue;
            }

            foreach (BlockedCall call in calls.All)
            {
                if (call.Call == BlockedIn.OpenFileDescriptionLock && call.File == (one.Line.Device, one.Line.Inode)
                    && (call.Range is not { } range || range == (one.Line.Access == "WRITE", one.Line.Start, one.Line.End)) && taken.Add(call))
                {
                    one.Request = call;
                    break;
                }
            }
        }
    }

    /// <summary>
    /// What a lock has in common with itself in another table: a child that inherited a flock sees it with the pid of who took
    /// it, as the table does; in both, one that is out of sight is 0.
    /// </summary>
    private static FileLockLine Shared(in FileLockLine line) => line.Kind == "OFDLCK" ? line with { ProcessId = -1 } : line;

    internal static List<FileLockStatus> Parse(ProcFile reader)
    {
        List<FileLockStatus> locks = [];
        List<(int Depth, FileLockStatus Status)> chain = [];
        foreach (ReadOnlySpan<byte> line in reader.Lines())
        {
            Add(System.Text.Encoding.ASCII.GetString(line), locks, chain);
        }

        return locks;
    }

    private static void Add(string text, List<FileLockStatus> locks, List<(int Depth, FileLockStatus Status)> chain)
    {
        // "1: FLOCK …", who waits for it "1: -> FLOCK …", who waits for him "1:  -> FLOCK …"
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int arrow = text.IndexOf("-> ", StringComparison.Ordinal);
        int depth = arrow < 0 ? 0 : arrow - colon - 1;
        if (colon < 0
            || !int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || FileLockLine.TryParse(text.AsSpan(arrow < 0 ? colon + 1 : arrow + "-> ".Length)) is not { } line)
        {
            return;
        }

        while (chain.Count > 0 && chain[^1].Depth >= depth)
        {
            chain.RemoveAt(chain.Count - 1);
        }

        FileLockStatus status = new(number, line, chain.Count > 0 ? chain[^1].Status : null);
        chain.Add((depth, status));
        locks.Add(status);
    }
}

/// <summary>Reads the table again and again, without holders: as long as its text stays the same, it is read, and nothing more.</summary>
public sealed class FileLockReader
{
    private readonly ProcFile _reader = new();
    private byte[] _text = [];
    private IReadOnlyList<FileLockStatus> _locks = [];

    /// <summary>The locks by now.</summary>
    /// <exception cref="IpcException">/proc/locks cannot be read.</exception>
    public IReadOnlyList<FileLockStatus> Read()
    {
        if (!_reader.TryRead("/proc/locks"))
        {
            throw IpcException.Last("open(/proc/locks)");
        }

        if (!_reader.Content.SequenceEqual(_text))
        {
            (_text, _locks) = (_reader.Content.ToArray(), FileLockTable.Parse(_reader));
        }

        return _locks;
    }
}
