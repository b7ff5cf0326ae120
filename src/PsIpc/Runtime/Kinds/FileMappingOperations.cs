using System;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Posix;
using PsIpc.Runtime.Watching;

namespace PsIpc.Runtime.Kinds;

/// <summary>Regular files and memfds that processes have mapped to share them.</summary>
internal sealed class FileMappingOperations : KindOperations
{
    internal override bool IsNamedByPath => true;

    internal override IpcKind Kind => IpcKind.FileMapping;

    internal override string DisplayName => "shared file mapping";

    internal override bool IsListedUnasked => false;

    internal override bool KnowsHolders => true;

    internal override bool HasOwner(IpcObject subject) => false;

    internal override string? RefusalToRemove(IpcObject subject) => "FileMappingNotRemovable";

    internal override IReadOnlyList<WatchedProperty> WatchedProperties =>
        [
            new("MappedBytes", one => ((FileMapping)one).MappedBytes),
            new("Holders", one => ObjectComparer.ProcessesOf(one.Holders)),
        ];

    internal override IEnumerable<IpcObject> Enumerate(InventoryContext context)
    {
        context.Prepare(Kind);
        foreach (IGrouping<(ulong Device, ulong Inode), SharedMapping> mapping in context.Scan.Mappings
            .Where(MayBeFile).GroupBy(one => (one.Device, one.Inode)))
        {
            if (Describe(context, [.. mapping], mapping.Key) is { } record)
            {
                yield return record;
            }
        }
    }

    internal override IpcObject? FindByName(InventoryContext context, string name) => Enumerate(context).FirstOrDefault(one => one.Name == name);

    internal override IpcObject? Refresh(InventoryContext context, IpcObject record) => Enumerate(context).FirstOrDefault(one => IsSame(record, one));

    internal override bool IsSame(IpcObject first, IpcObject second) =>
        first.Kind == second.Kind && first.Device == second.Device && first.Inode == second.Inode;

    /// <summary>Not what the kernel shares without a file (/dev/zero, System V segments), nor its own (anon_inode:, [aio]).</summary>
    internal static bool MayBeFile(SharedMapping mapping) =>
        mapping.Path is ['/', ..] && !mapping.Path.StartsWith("/dev/zero", StringComparison.Ordinal)
        && !mapping.Path.StartsWith("/SYSV", StringComparison.Ordinal) && !mapping.Path.StartsWith("/[", StringComparison.Ordinal)
        && !mapping.Path.StartsWith("/anon_hugepage", StringComparison.Ordinal);

    /// <summary>A file that may be mapped, looked at without looking who has done so.</summary>
    internal static FileMapping Describe(InventoryContext context, string path, FileObject file) => Seen(
        OwnedBy(
            new FileMapping { Name = path, Path = path, Size = file.Size, Device = file.Identity.Device, Inode = file.Identity.Inode },
            context,
            file.Uid,
            file.Gid,
            file.Mode),
        context);

    private static FileMapping? Describe(InventoryContext context, List<SharedMapping> mappings, (ulong Device, ulong Inode) identity)
    {
        string path = mappings[0].Path;
        bool isMemoryFile = path.StartsWith("/memfd:", StringComparison.Ordinal);
        using FileObject? file = isMemoryFile ? null : FileObjectOperations.TryLook(path);
        bool isReachable = file is not null && file.Identity == identity;
        if (isReachable && (file!.Type != FileObjectType.Regular || path.StartsWith(PosixSharedMemoryDirectory.MountPoint + "/", StringComparison.Ordinal)))
        {
            return null; // a device; a POSIX object, which is listed as what it is
        }

        return Seen(
            new FileMapping
            {
                Name = path,
                Path = path,
                IsMemoryFile = isMemoryFile,
                MappedBytes = mappings.Sum(one => one.Length),
                Size = isReachable ? file!.Size : null,
                Owner = isReachable ? context.Accounts.UserName(file!.Uid) : "",
                Group = isReachable ? context.Accounts.GroupName(file!.Gid) : "",
                OwnerUid = isReachable ? file!.Uid : null,
                OwnerGid = isReachable ? file!.Gid : null,
                Mode = isReachable ? PermissionMode.Format(file!.Mode) : "",
                Device = identity.Device,
                Inode = identity.Inode,
                Holders = [.. mappings.Select(one => HolderSearch.Describe(context.Scan, context.Accounts, one))],
                Attribution = HolderSearch.AttributionOf(context.Scan),
                OrphanState = OrphanStates.No, // it goes with the last who has it mapped; the file is no object of its own
            },
            context);
    }
}
