using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime;

/// <summary>Finds who holds objects, all of them in one pass over /proc, and what that says of their being orphaned.</summary>
internal static class HolderSearch
{
    private const string Complete = "Complete";
    private const string Partial = "Partial";

    /// <summary>Fills in holders, attribution and orphan state.</summary>
    internal static void Fill(IReadOnlyList<IpcObject> objects, Accounts accounts)
    {
        List<IpcObject> searched = [.. objects.Where(IsSearched)];
        if (searched.Count == 0)
        {
            return;
        }

        ProcessScan scan = ProcessScan.Run(TargetsOf(searched, isThorough: false));
        Assign(searched, scan, accounts);

        // What seems to be nobody's is looked at again, and thoroughly: a process that started meanwhile, or a thread with
        // descriptors of its own, may have been missed.
        List<IpcObject> free = [.. searched.Where(subject => subject.OrphanState == OrphanStates.Yes && subject is not SysVSharedMemory)];
        if (free.Count > 0)
        {
            Assign(free, ProcessScan.Run(TargetsOf(free, isThorough: true)), accounts);
        }
    }

    /// <summary>Whether every process could be looked into, in the words that users read.</summary>
    internal static string AttributionOf(ProcessScan scan) => scan.IsComplete ? Complete : Partial;

    /// <summary>A process that holds something by a descriptor.</summary>
    internal static IpcHolder Describe(ProcessScan scan, Accounts accounts, int pid, int descriptor, HeldFor access = HeldFor.Reading | HeldFor.Writing) =>
        Describe(scan, accounts, pid, access, descriptor, null);

    /// <summary>A process that has something attached or mapped.</summary>
    internal static IpcHolder Describe(ProcessScan scan, Accounts accounts, in SharedMapping mapping) => Describe(
        scan, accounts, mapping.ProcessId, mapping.Access, null, string.Create(CultureInfo.InvariantCulture, $"{mapping.Start:x}-{mapping.End:x}"));

    private static IpcHolder Describe(ProcessScan scan, Accounts accounts, int pid, HeldFor access, int? descriptor, string? range)
    {
        ProcessIdentity process = scan.Describe(pid);
        return new IpcHolder
        {
            ProcessId = pid,
            ProcessName = process.Name,
            User = accounts.UserName(process.Uid),
            Descriptor = descriptor,
            AddressRange = range,
            Access = access switch
            {
                HeldFor.Reading => "Read",
                HeldFor.Writing => "Write",
                HeldFor.Nothing => "None",
                _ => "ReadWrite",
            },
        };
    }

    private static bool IsSearched(IpcObject subject) => AllKinds.Of(subject) switch
    {
        { KnowsHolders: true } or { Holders: HolderSource.None } => false,
        { Holders: HolderSource.Attachments } => true,
        _ => subject.Inode is not null,
    };

    private static ProcessScanTargets TargetsOf(List<IpcObject> subjects, bool isThorough)
    {
        ProcessScanTargets targets = new() { IsThorough = isThorough };
        foreach (IpcObject subject in subjects)
        {
            (ulong, ulong) identity = (subject.Device ?? 0, subject.Inode ?? 0);
            switch (AllKinds.Of(subject).Holders)
            {
                case HolderSource.Attachments:
                    targets.Segments = true;
                    break;
                case HolderSource.DescriptorsAndMappings:
                    targets.OpenFiles.Add(identity);
                    targets.MappedFiles.Add(identity);
                    break;
                default:
                    targets.OpenFiles.Add(identity);
                    break;
            }
        }

        return targets;
    }

    private static void Assign(List<IpcObject> subjects, ProcessScan scan, Accounts accounts)
    {
        ILookup<(ulong, ulong), OpenFile> open = scan.OpenFiles.ToLookup(one => (one.Device, one.Inode));
        ILookup<(ulong, ulong), SharedMapping> mapped = scan.Mappings.ToLookup(one => (one.Device, one.Inode));

        // The inode of a segment is its id, in whichever namespace: the process tells which.
        ILookup<(ulong, long), SharedMapping> attached = scan.Mappings.ToLookup(one => (one.Inode, scan.Describe(one.ProcessId).IpcNamespace));
        foreach (IpcObject subject in subjects)
        {
            KindOperations operations = AllKinds.Of(subject);
            if (subject is SysVSharedMemory segment)
            {
                segment.Holders = [.. attached[((ulong)segment.Id, segment.IpcNamespace)]
                    .Where(one => IsSegment(one)).Select(one => Describe(scan, accounts, one))];

                // The kernel's own count tells whether all were found, whatever /proc hides.
                segment.Attribution = scan.IsComplete || segment.Holders.Length == segment.AttachCount ? Complete : Partial;
                continue;
            }

            (ulong, ulong) identity = (subject.Device ?? 0, subject.Inode ?? 0);
            subject.Holders =
            [
                .. open[identity].Select(one => Describe(scan, accounts, one.ProcessId, one.Descriptor, one.Access)),
                .. mapped[identity].Select(one => Describe(scan, accounts, one)),
            ];
            subject.Attribution = AttributionOf(scan);
            subject.OrphanState = subject.Holders.Length > 0 ? OrphanStates.No
                : operations.OrphanStateWithoutHolders(subject) is var state && state != OrphanStates.Unknown && state != OrphanStates.Yes ? state
                : scan.IsComplete ? operations.OrphanStateWithoutAnyHolder(subject)
                : OrphanStates.Unknown;
        }
    }

    private static bool IsSegment(in SharedMapping mapping) => mapping.Path.StartsWith("/SYSV", System.StringComparison.Ordinal);
}
