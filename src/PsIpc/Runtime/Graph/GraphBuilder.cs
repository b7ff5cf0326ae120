using System;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime.Graph;

/// <summary>Makes a graph of what a listing found: which processes have what objects, and for what. <see cref="GraphWaits"/> adds who waits.</summary>
internal sealed class GraphBuilder
{
    private readonly InventoryContext _context;
    private readonly SortedDictionary<int, IpcGraphNode> _processes = [];
    private readonly List<IpcGraphNode> _objects = [];
    private readonly Dictionary<(IpcGraphNode, IpcGraphNode, string), IpcGraphEdge> _edges = [];
    private readonly Dictionary<string, IpcGraphNode> _sockets = [];
    private readonly Dictionary<(ulong, ulong), IpcGraphNode> _byFile = [];
    private readonly Dictionary<(string, int), IpcGraphNode> _byId = [];

    internal GraphBuilder(InventoryContext context) => _context = context;

    internal InventoryContext Context => _context;

    internal IEnumerable<IpcGraphNode> Processes => _processes.Values;

    internal List<IpcGraphNode> Objects => _objects;

    internal IEnumerable<IpcGraphEdge> Edges => _edges.Values;

    /// <summary>The node of a file by which an object is known: a POSIX object, a mapped file.</summary>
    internal IpcGraphNode? FindFile((ulong Device, ulong Inode) file) => _byFile.GetValueOrDefault(file);

    /// <summary>The node of a System V object.</summary>
    internal IpcGraphNode? FindId(IpcKind kind, int id) => _byId.GetValueOrDefault((kind.ToString(), id));

    /// <summary>Adds an object, with its holders.</summary>
    internal void Add(IpcObject subject)
    {
        switch (subject)
        {
            case FileLock:
                break; // these go by the table of locks, see GraphWaits
            case UnixSocket socket:
                AddSocket(socket);
                break;
            case SysVMessageQueue queue:
                IpcGraphNode node = AddNode(subject);
                AddUser(node, queue.LastSendPid, queue.LastSendTime, "SentLast");
                AddUser(node, queue.LastReceivePid, queue.LastReceiveTime, "ReceivedLast");
                break;
            case SysVSemaphore set:
                node = AddNode(subject);
                foreach (SemaphoreElement element in set.Elements ?? [])
                {
                    AddUser(node, element.LastPid, set.OperationTime, "UsedLast", string.Create(CultureInfo.InvariantCulture, $"{element.Index}"));
                }

                break;
            default:
                AddHolders(AddNode(subject), subject, subject is EndpointObject or PosixMessageQueue);
                break;
        }
    }

    /// <summary>The node of a process.</summary>
    internal IpcGraphNode Process(int pid)
    {
        if (!_processes.TryGetValue(pid, out IpcGraphNode? node))
        {
            ProcessIdentity process = _context.Scan.Describe(pid);
            _processes[pid] = node = new IpcGraphNode
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"p{pid}"),
                Kind = "Process",
                Name = process.Name,
                ProcessId = pid,
                User = process.Uid is { } uid ? _context.Accounts.UserName(uid) : "",
                StartTicks = process.StartTicks,
            };
        }

        return node;
    }

    /// <summary>Adds an object that has no record of its own.</summary>
    internal IpcGraphNode AddNode(IpcGraphNode node)
    {
        _objects.Add(node);
        return node;
    }

    /// <summary>Adds an edge, or a detail to one that there is.</summary>
    internal IpcGraphEdge Connect(IpcGraphNode from, IpcGraphNode to, string relation, string detail)
    {
        if (!_edges.TryGetValue((from, to, relation), out IpcGraphEdge? edge))
        {
            _edges[(from, to, relation)] = edge = new IpcGraphEdge { Source = from, Target = to, Relation = relation, Detail = detail };
        }
        else if (detail.Length > 0 && !edge.Detail.Contains(detail, StringComparison.Ordinal))
        {
            edge.Detail += edge.Detail.Length > 0 ? ", " + detail : detail;
        }

        return edge;
    }

    private IpcGraphNode AddNode(IpcObject subject)
    {
        IpcGraphNode node = new() { Kind = subject.Kind, Name = subject.Name, User = subject.Owner };
        node.Subjects.Add(subject);
        if (subject is SysVObject { Id: var id })
        {
            node.ObjectId = id;
            _byId[(subject.Kind, id)] = node;
        }
        else if (subject.Inode is { } inode)
        {
            _byFile[(subject.Device ?? 0, inode)] = node;
        }

        return AddNode(node);
    }

    /// <summary>Whoever the kernel says has used it last, unless that process has ended or has started since: its pid is another's then.</summary>
    private void AddUser(IpcGraphNode node, int? pid, DateTime? time, string relation, string detail = "")
    {
        if (pid is not { } number || !IsSame(number, time))
        {
            return;
        }

        _ = relation == "SentLast" ? Connect(Process(number), node, relation, detail) : Connect(node, Process(number), relation, detail);
    }

    /// <summary>Whether a process was there already at some time; the kernel's times are whole seconds.</summary>
    internal bool IsSame(int pid, DateTime? time) =>
        _context.Scan.Describe(pid).StartTicks is { } ticks && !_context.Processes.HasEnded(pid)
        && (time is null || ProcessState.StartTimeOf(ticks) is not { } start || start <= time.Value.ToUniversalTime().AddSeconds(2));

    private void AddHolders(IpcGraphNode node, IpcObject subject, bool hasDirection)
    {
        foreach ((int pid, bool reads, bool writes, string detail) in ByProcess(subject.Holders))
        {
            if (!hasDirection)
            {
                _ = writes ? Connect(Process(pid), node, "Shares", detail) : Connect(node, Process(pid), "Reads", detail);
                continue;
            }

            if (writes)
            {
                Connect(Process(pid), node, "Writes", detail);
            }

            if (reads)
            {
                Connect(node, Process(pid), "Reads", detail);
            }
        }
    }

    /// <summary>
    /// All connections to a name are one node: between the clients, and those who accept them. A pair without a name is a node between both sides.
    /// </summary>
    private void AddSocket(UnixSocket socket)
    {
        bool isServer = socket.State == "Listening" || socket is { Path: not null } or { IsAbstract: true };
        string name = isServer ? socket.Name : socket.PeerName
            ?? string.Create(CultureInfo.InvariantCulture, $"socket:[{Math.Min(socket.Inode ?? 0, socket.PeerInode ?? socket.Inode ?? 0)}]");
        if (!_sockets.TryGetValue(name, out IpcGraphNode? node))
        {
            _sockets[name] = node = AddNode(new IpcGraphNode { Kind = socket.Kind, Name = name, User = socket.Owner });
        }

        node.Subjects.Add(socket);
        bool isFirst = isServer || (socket.PeerName is null && socket.Inode > socket.PeerInode);
        foreach ((int pid, _, _, string detail) in ByProcess(socket.Holders))
        {
            _ = isFirst ? Connect(node, Process(pid), "Serves", detail) : Connect(Process(pid), node, "Connects", detail);
        }
    }

    private static List<(int Pid, bool Reads, bool Writes, string Detail)> ByProcess(IpcHolder[]? holders)
    {
        SortedDictionary<int, (bool Reads, bool Writes, List<int> Descriptors, bool IsMapped)> found = [];
        foreach (IpcHolder holder in holders ?? [])
        {
            (bool reads, bool writes, List<int> descriptors, bool isMapped) = found.TryGetValue(holder.ProcessId, out var known) ? known : (false, false, [], false);
            if (holder.Descriptor is { } descriptor)
            {
                descriptors.Add(descriptor);
            }

            found[holder.ProcessId] = (
                reads || holder.Access is "Read" or "ReadWrite", writes || holder.Access is "Write" or "ReadWrite", descriptors, isMapped || holder.Descriptor is null);
        }

        List<(int, bool, bool, string)> result = [];
        foreach ((int pid, (bool reads, bool writes, List<int> descriptors, bool isMapped)) in found)
        {
            descriptors.Sort();
            string text = descriptors.Count == 0 ? "" : "fd " + string.Join(' ', descriptors);
            result.Add((pid, reads, writes, isMapped ? (text.Length > 0 ? text + ", mapped" : "mapped") : text));
        }

        return result;
    }
}
