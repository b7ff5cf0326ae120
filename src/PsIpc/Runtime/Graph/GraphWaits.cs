using System;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native.Inventory;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Graph;

/// <summary>Adds to a graph who waits for what, and finds the circles.</summary>
internal sealed class GraphWaits
{
    private const int MostNames = 8;

    private readonly GraphBuilder _builder;
    private readonly BlockedCalls _calls;
    private readonly WaitGraph _waits;
    private readonly Dictionary<WaitResource, IpcGraphNode> _nodes = [];
    private readonly Dictionary<(ulong, ulong), IpcGraphNode> _files = [];
    private readonly List<IpcDeadlock> _deadlocks = [];

    private GraphWaits(GraphBuilder builder)
    {
        _builder = builder;
        _calls = builder.Context.Calls;
        _waits = new WaitGraph(_calls.ThreadsOf);
    }

    /// <summary>Adds them.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="withLocks">Whether locks on files are wanted.</param>
    /// <param name="seenBefore">
    /// The processes of the circles that an earlier look found; others are no circles then. What is looked at one after the other may never have
    /// been so at one moment, but a deadlock stays. Null for a first look.
    /// </param>
    internal static IReadOnlyList<IpcDeadlock> Add(GraphBuilder builder, bool withLocks, IReadOnlySet<int>? seenBefore)
    {
        GraphWaits waits = new(builder);
        if (withLocks)
        {
            waits.AddLocks();
        }

        foreach (BlockedCall call in waits._calls.All)
        {
            waits.AddCall(call);
        }

        LockWaits.AddChildWaits(waits._waits, waits._calls);
        foreach (WaitCircle circle in waits._waits.FindCircles())
        {
            if (seenBefore is null || seenBefore.IsSupersetOf(circle.Processes))
            {
                waits.AddCircle(circle);
            }
        }

        return waits._deadlocks;
    }

    private void AddLocks()
    {
        FileLockTable table = _builder.Context.ReadLocks();
        foreach (FileLockStatus one in table.Locks)
        {
            if (one.Blocker is null)
            {
                foreach (int pid in HoldersOf(one))
                {
                    _builder.Connect(NodeOf(one), _builder.Process(pid), "HeldBy", TextOf(one));
                }
            }
            else if (one.ProcessId is { } waiter)
            {
                _builder.Connect(_builder.Process(waiter), NodeOf(one), "WaitsFor", TextOf(one));
            }
        }

        foreach ((_, WaitResource resource) in LockWaits.Add(_waits, table, _builder.Context.Scan.IsComplete))
        {
            _nodes[resource] = NodeOf((FileLockStatus)resource.Subject);
        }
    }

    private static SortedSet<int> HoldersOf(FileLockStatus one)
    {
        SortedSet<int> holders = [];
        foreach (LockedFile holder in one.Line.Kind == "POSIX" ? [] : one.Holders)
        {
            holders.Add(holder.ProcessId);
        }

        if (holders.Count == 0 && one.ProcessId is { } taker)
        {
            holders.Add(taker);
        }

        return holders;
    }

    private IpcGraphNode NodeOf(FileLockStatus one)
    {
        (ulong, ulong) file = (one.Line.Device, one.Line.Inode);
        if (!_files.TryGetValue(file, out IpcGraphNode? node))
        {
            FileLock record = FileLockOperations.Describe(_builder.Context, _builder.Context.Scan, one);
            _files[file] = node = _builder.AddNode(new IpcGraphNode { Kind = record.Kind, Name = record.Name, LockedFile = file });
        }

        return node;
    }

    private static string TextOf(FileLockStatus one)
    {
        string kind = one.Line.Kind switch { "POSIX" => "record lock", "OFDLCK" => "open file description's lock", "FLOCK" => "flock", _ => "lease" };
        string range = one.Line is { Start: 0, End: long.MaxValue } ? ""
            : string.Create(CultureInfo.InvariantCulture, $" {one.Line.Start}-{(one.Line.End == long.MaxValue ? "" : one.Line.End)}");
        return $"{(one.Line.Access == "READ" ? "shared" : "exclusive")} {kind}{range}";
    }

    private void AddCall(BlockedCall call)
    {
        if (_builder.Context.Scan.Describe(call.ProcessId).StartTicks is null)
        {
            return; // it has ended since
        }

        switch (call.Call)
        {
            case BlockedIn.SysVSemaphore when OfNamespace(call, IpcKind.SysVSemaphore) is { } node:
                AddSysVSemaphore(call, node);
                break;
            case BlockedIn.SysVReceive or BlockedIn.SysVSend when OfNamespace(call, IpcKind.SysVMessageQueue) is { } node:
                _builder.Connect(_builder.Process(call.ProcessId), node, "WaitsFor", call.Call == BlockedIn.SysVReceive ? "a message" : "room");
                break;
            case BlockedIn.PosixReceive or BlockedIn.PosixSend when call.File is { } file && _builder.FindFile(file) is { Kind: nameof(IpcKind.PosixMessageQueue) } node:
                _builder.Connect(_builder.Process(call.ProcessId), node, "WaitsFor", call.Call == BlockedIn.PosixReceive ? "a message" : "room");
                break;
            case BlockedIn.SharedFutex when call.File is { } file && _builder.FindFile(file) is { } node:
                AddFutex(call, node);
                break;
            default:
                break;
        }
    }

    /// <summary>Ids mean something in their namespace alone.</summary>
    private IpcGraphNode? OfNamespace(BlockedCall call, IpcKind kind) =>
        _builder.Context.Scan.Describe(call.ProcessId).IpcNamespace == _builder.Context.IpcNamespace ? _builder.FindId(kind, call.Id ?? -1) : null;

    /// <summary>
    /// Who will operate on a semaphore is recorded nowhere. Who did it last has taken what is missing, most often; it may as well
    /// have been another, or somebody else's turn to give.
    /// </summary>
    private void AddSysVSemaphore(BlockedCall call, IpcGraphNode node)
    {
        SysVSemaphore set = (SysVSemaphore)node.Subjects[0];
        BlockedOperation? operation = Missing(call.Operations, set.Elements);
        string limit = call.HasTimeLimit ? ", with a time limit" : "";
        string text = operation is not { } one ? "" : one.Change == 0
            ? string.Create(CultureInfo.InvariantCulture, $"semaphore {one.Index} at 0{limit}")
            : string.Create(CultureInfo.InvariantCulture, $"semaphore {one.Index} by {-one.Change}{limit}");
        _builder.Connect(_builder.Process(call.ProcessId), node, "WaitsFor", text);
        if (operation is { } missing && set.Elements is { } elements && missing.Index < elements.Length
            && elements[missing.Index].LastPid is { } last && last != call.ProcessId && _builder.IsSame(last, set.OperationTime))
        {
            WaitResource resource = _waits.Add(call, isComplete: true, hasCandidates: true);
            WaitGraph.AddHolder(resource, last);
            _waits.AddWait(call.ProcessId, resource, call.HasTimeLimit);
            _nodes[resource] = node;
        }
    }

    /// <summary>The first operation that cannot be done now, as the kernel looks for it: all of them, or none.</summary>
    private static BlockedOperation? Missing(IReadOnlyList<BlockedOperation>? operations, SemaphoreElement[]? elements)
    {
        Dictionary<int, int> values = [];
        foreach (BlockedOperation one in operations ?? [])
        {
            if (elements is null || one.Index >= elements.Length)
            {
                return operations!.Count == 1 ? one : null;
            }

            int value = values.TryGetValue(one.Index, out int changed) ? changed : elements[one.Index].Value;
            if (one.Change == 0 ? value != 0 : value + one.Change < 0)
            {
                return one;
            }

            values[one.Index] = value + one.Change;
        }

        return null; // it has gone on meanwhile
    }

    /// <summary>A POSIX semaphore may be posted by whoever has it open: only when all others wait, too, can nobody.</summary>
    private void AddFutex(BlockedCall call, IpcGraphNode node)
    {
        string place = node.Kind == nameof(IpcKind.PosixSemaphore) ? "" : string.Create(CultureInfo.InvariantCulture, $"at {call.Offset}");
        string limit = call.HasTimeLimit ? "with a time limit" : "";
        _builder.Connect(_builder.Process(call.ProcessId), node, "WaitsFor", place.Length > 0 && limit.Length > 0 ? $"{place}, {limit}" : place + limit);
        if (node.Kind != nameof(IpcKind.PosixSemaphore) || node.Subjects[0] is not PosixSemaphore { Value: 0 } semaphore)
        {
            return;
        }

        WaitResource resource = _waits.Add(call, isComplete: semaphore.Attribution == "Complete", hasCandidates: true);
        foreach (IpcHolder holder in semaphore.Holders ?? [])
        {
            if (holder.ProcessId != call.ProcessId)
            {
                WaitGraph.AddHolder(resource, holder.ProcessId);
            }
        }

        _waits.AddWait(call.ProcessId, resource, call.HasTimeLimit);
        _nodes[resource] = node;
    }

    private void AddCircle(WaitCircle circle)
    {
        HashSet<int> members = [.. circle.Processes];
        List<string> waits = [];
        SortedSet<string> objects = new(StringComparer.Ordinal);
        foreach (int pid in circle.Processes)
        {
            _builder.Process(pid).Deadlocked = true;
        }

        foreach ((int pid, WaitResource resource) in circle.Waits)
        {
            IpcGraphNode waiter = _builder.Process(pid);
            List<string> holders = [];
            foreach (int holder in resource.Holders)
            {
                if (members.Contains(holder))
                {
                    holders.Add(Close(waiter, resource, _builder.Process(holder)));
                }
            }

            string by = Enumerate(holders);
            if (!_nodes.TryGetValue(resource, out IpcGraphNode? node))
            {
                waits.Add($"{waiter.Text} waits for the end of {by}");
                continue;
            }

            node.Deadlocked = true;
            objects.Add(node.Name);
            _builder.Connect(waiter, node, "WaitsFor", "").Deadlocked = true;
            string whose = !resource.HasCandidates ? "held by" : node.Kind == nameof(IpcKind.PosixSemaphore) ? "open in" : "last used by";
            waits.Add($"{waiter.Text} waits for {node.Text}, {whose} {by}");
        }

        _deadlocks.Add(new IpcDeadlock
        {
            Certainty = circle.Doubts == WaitDoubts.None ? "Certain" : circle.IsLikely ? "Likely" : "Possible",
            Doubts = circle.Doubts == WaitDoubts.None ? [] : circle.Doubts.ToString().Split(", "),
            ProcessId = [.. circle.Processes],
            Objects = [.. objects],
            Waits = [.. waits],
        });
    }

    /// <summary>All of a few; of many the first, and how many more.</summary>
    private static string Enumerate(List<string> names) => names.Count <= MostNames ? string.Join(", ", names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.GetRange(0, MostNames - 1))} and {names.Count - MostNames + 1} more");

    /// <summary>Marks the way from what is waited for to who has it; what to call him comes back.</summary>
    private string Close(IpcGraphNode waiter, WaitResource resource, IpcGraphNode holder)
    {
        if (!_nodes.TryGetValue(resource, out IpcGraphNode? node))
        {
            _builder.Connect(waiter, holder, "WaitsForEnd", "").Deadlocked = true;
        }
        else if (!resource.HasCandidates)
        {
            _builder.Connect(node, holder, "HeldBy", "").Deadlocked = true;
        }
        else if (node.Kind == nameof(IpcKind.PosixSemaphore))
        {
            _builder.Connect(holder, node, "Shares", "").Deadlocked = true;
        }
        else
        {
            _builder.Connect(node, holder, "UsedLast", "").Deadlocked = true;
        }

        return holder.Text;
    }
}
