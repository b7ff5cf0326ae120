using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>The Unix sockets of a listing, by what they are looked for: inode, file, and who has them open.</summary>
internal sealed class SocketTable
{
    private readonly ILookup<ulong, OpenFile> _open;
    private readonly ILookup<(ulong?, uint?), UnixSocketStatus> _byFile;
    private readonly Dictionary<ulong, string?> _names = [];

    internal SocketTable(IReadOnlyList<UnixSocketStatus> sockets, ProcessScan scan)
    {
        _open = scan.OpenFiles.Where(one => one.Type == FileObjectType.Socket).ToLookup(one => one.Inode);
        _byFile = sockets.Where(one => one.FileInode is not null).ToLookup(one => (one.FileDevice, one.FileInode));
        foreach (UnixSocketStatus socket in sockets)
        {
            _names.TryAdd(socket.Inode, socket.Name); // /proc/net/unix has inode 0 more than once: not accepted yet
        }
    }

    /// <summary>Whether a socket is bound to a file. The kernel tells 32 bits of the inode.</summary>
    internal static bool IsBoundTo(UnixSocketStatus socket, FileObject file) =>
        socket.FileDevice == file.Identity.Device && socket.FileInode == (uint)file.Identity.Inode;

    /// <summary>The sockets that are bound to a file: a listener, and the connections that it has accepted.</summary>
    internal IEnumerable<UnixSocketStatus> BoundTo(FileObject file) => _byFile[(file.Identity.Device, (uint)file.Identity.Inode)];

    internal string? NameOf(ulong inode) => _names.GetValueOrDefault(inode);

    internal IpcHolder[] HoldersOf(InventoryContext context, ulong inode) =>
        [.. _open[inode].Select(one => HolderSearch.Describe(context.Scan, context.Accounts, one.ProcessId, one.Descriptor, one.Access))];
}
