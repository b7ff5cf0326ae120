using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>Names what processes hold: whatever a look into them finds, put together with the lists of objects.</summary>
internal sealed class HeldObjects
{
    private readonly Dictionary<(ulong, ulong), IpcObject> _byIdentity = [];
    private readonly Dictionary<(int, long), SysVSharedMemory> _segments = [];
    private readonly Dictionary<ulong, UnixSocketStatus> _sockets = [];

    internal HeldObjects(IEnumerable<IpcObject> objects, IEnumerable<UnixSocketStatus> sockets)
    {
        foreach (IpcObject subject in objects)
        {
            if (subject is SysVSharedMemory segment)
            {
                _segments[(segment.Id, segment.IpcNamespace)] = segment;
            }
            else if (subject.Inode is { } inode)
            {
                _byIdentity[(subject.Device ?? 0, inode)] = subject;
            }
        }

        foreach (UnixSocketStatus socket in sockets)
        {
            _sockets.TryAdd(socket.Inode, socket);
        }
    }

    /// <summary>What a look into processes is to find.</summary>
    internal ProcessScanTargets TargetsFor(IReadOnlyCollection<int> processes)
    {
        ProcessScanTargets targets = new()
        {
            Processes = processes,
            Pipes = true,
            Sockets = true,
            Segments = true,
            Mappings = true,
        };
        targets.OpenFiles.UnionWith(_byIdentity.Keys);
        targets.MappedFiles.UnionWith(_byIdentity.Keys);
        return targets;
    }

    /// <summary>Kind, name and id of what a descriptor stands for; null of what is no object of inter-process communication.</summary>
    internal (string Kind, string Name, int? Id)? Find(in OpenFile file) => file switch
    {
        { IsPipe: true } => (nameof(IpcKind.Pipe), file.Link!, null),
        { Type: FileObjectType.Fifo } => (nameof(IpcKind.Fifo), file.Link ?? "", null),
        { Type: FileObjectType.Socket } when _sockets.TryGetValue(file.Inode, out UnixSocketStatus? socket) =>
            (nameof(IpcKind.UnixSocket), socket.Name ?? string.Create(CultureInfo.InvariantCulture, $"socket:[{socket.Inode}]"), null),
        _ when _byIdentity.TryGetValue((file.Device, file.Inode), out IpcObject? subject) => (subject.Kind, subject.Name, null),
        _ => null, // a socket of another family
    };

    /// <summary>Kind, name and id of what a mapping stands for; null of what is no object of inter-process communication.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="ipcNamespace">The namespace of its process.</param>
    internal (string Kind, string Name, int? Id)? Find(in SharedMapping mapping, long ipcNamespace)
    {
        if (mapping.Path.StartsWith("/SYSV", System.StringComparison.Ordinal))
        {
            int id = (int)mapping.Inode;
            return _segments.TryGetValue((id, ipcNamespace), out SysVSharedMemory? segment)
                ? (segment.Kind, segment.Name, id)
                : (nameof(IpcKind.SysVSharedMemory), "0x" + mapping.Path["/SYSV".Length..].Split(' ')[0], id); // of another namespace
        }

        return _byIdentity.TryGetValue((mapping.Device, mapping.Inode), out IpcObject? subject) ? (subject.Kind, subject.Name, null)
            : Kinds.FileMappingOperations.MayBeFile(mapping) ? (nameof(IpcKind.FileMapping), mapping.Path, null)
            : null;
    }
}
