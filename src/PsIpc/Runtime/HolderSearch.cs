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

    /// <summary>Has the listing's pass over /proc look for the holders of these objects as well.</summary>
    internal static void Prepare(IEnumerable<IpcObject> objects, InventoryContext context) =>
        AddTargets(objects.Where(IsSearched), context.Targets);

    /// <summary>Fills in holders, attribution and orphan state; of objects that were prepared, by the listing's own pass.</summary>
    internal static void Fill(IReadOnlyList<IpcObject> objects, InventoryContext context, bool isPrepared = false)
    {
        List<IpcObject> searched = [.. objects.Where(IsSearched)];
        if (searched.Count == 0)
        {
            return;
        }

        if (!isPrepared)
        {
            Prepare(searched, context);
        }

        Assign(searched, context.Scan, context.Accounts);
        AskKernel(searched, context.Accounts);
    }

    /// <summary>Fills in what the listing's pass found of objects that were prepared, without asking the kernel about those that nobody seems to have.</summary>
    internal static void FillFound(IReadOnlyList<IpcObject> objects, InventoryContext context) =>
        Assign([.. objects.Where(IsSearched)], context.Scan, context.Accounts);

    /// <summary>
    /// What nobody seems to have open the kernel is asked about, where it answers. Where it does not, and /proc showed every process, it
    /// is looked for again, and thoroughly: a process that started meanwhile, or a thread with descriptors of its own, may have
    /// been missed.
    /// </summary>
    private static void AskKernel(List<IpcObject> searched, Accounts accounts)
    {
        List<IpcObject> doubtful = [];
        foreach (IpcObject subject in searched.Where(one => one is not SysVSharedMemory && one.Holders is { Length: 0 } && one.OrphanState != OrphanStates.No))
        {
            KindOperations operations = AllKinds.Of(subject);
            switch (operations.HasOpeners(subject))
            {
                case true:
                    subject.OrphanState = OrphanStates.No; // somebody out of sight
                    subject.Attribution = Partial;
                    break;
                case false:
                    subject.OrphanState = operations.OrphanStateWithoutAnyHolder(subject);
                    subject.Attribution = Complete;
                    break;
                default:
                    doubtful.Add(subject);
                    break;
            }
        }

        doubtful.RemoveAll(subject => subject.OrphanState != OrphanStates.Yes);
        if (doubtful.Count > 0)
        {
            ProcessScanTargets targets = new() { IsThorough = true };
            AddTargets(doubtful, targets);
            Assign(doubtful, ProcessScan.Run(targets), accounts);
        }
    }

    /// <summary>What processes hold, of whatever kind.</summary>
    /// <param name="processes">Their pids.</param>
    /// <param name="objects">The objects there are.</param>
    /// <param name="context">Of the listing.</param>
    /// <param name="failures">The processes that could not be looked into.</param>
    internal static IReadOnlyList<IpcHolder> HeldBy(
        IReadOnlyCollection<int> processes, IEnumerable<IpcObject> objects, InventoryContext context, out IReadOnlyDictionary<int, Native.Errno> failures)
    {
        HeldObjects held = new(objects, context.Sockets);
        ProcessScanTargets targets = held.TargetsFor(processes);
        FileLockTable locks = FileLockTable.Read(targets);
        ProcessScan scan = ProcessScan.Run(targets);
        locks.FindHolders(scan);
        failures = scan.Failures;
        List<IpcHolder> holders = [];
        foreach (OpenFile file in scan.OpenFiles)
        {
            Add(held.Find(file), Describe(scan, context.Accounts, file.ProcessId, file.Descriptor, file.Access));
        }

        foreach (SharedMapping mapping in scan.Mappings)
        {
            Add(held.Find(mapping, scan.Describe(mapping.ProcessId).IpcNamespace), Describe(scan, context.Accounts, mapping));
        }

        foreach (FileLockStatus one in locks.Locks)
        {
            foreach (LockedFile holder in one.Holders)
            {
                HeldFor access = one.Line.Access == "READ" ? HeldFor.Reading : HeldFor.Writing;
                Add((nameof(IpcKind.FileLock), holder.Path, null), Describe(scan, context.Accounts, holder.ProcessId, holder.Descriptor, access));
            }
        }

        return holders;

        void Add((string Kind, string Name, int? Id)? found, IpcHolder holder)
        {
            if (found is var (kind, name, id))
            {
                (holder.ObjectKind, holder.ObjectName, holder.ObjectId) = (kind, name, id);
                holders.Add(holder);
            }
        }
    }

    /// <summary>A holder on its own, with what it holds.</summary>
    internal static IpcHolder Of(IpcHolder holder, IpcObject subject) => new()
    {
        ProcessId = holder.ProcessId,
        ProcessName = holder.ProcessName,
        User = holder.User,
        Descriptor = holder.Descriptor,
        AddressRange = holder.AddressRange,
        Access = holder.Access,
        StartTicks = holder.StartTicks,
        BootId = holder.BootId,
        PidNamespace = holder.PidNamespace,
        ObjectKind = subject.Kind,
        ObjectName = subject.Name,
        ObjectId = (subject as SysVObject)?.Id,
    };

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
            StartTicks = process.StartTicks,
            BootId = HostIdentity.BootId,
            PidNamespace = HostIdentity.PidNamespace,
            ProcessId = pid,
            ProcessName = process.Name,
            User = process.Uid is { } uid ? accounts.UserName(uid) : "",
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
        _ when subject.Holders is not null => false, // it was listed with them
        { Holders: HolderSource.Attachments } => true,
        _ => subject.Inode is not null,
    };

    private static void AddTargets(IEnumerable<IpcObject> subjects, ProcessScanTargets targets)
    {
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
                : operations.OrphanStateWithoutHolders(subject) == OrphanStates.No ? OrphanStates.No
                : scan.IsComplete ? operations.OrphanStateWithoutAnyHolder(subject)
                : OrphanStates.Unknown;
        }
    }

    private static bool IsSegment(in SharedMapping mapping) => mapping.Path.StartsWith("/SYSV", System.StringComparison.Ordinal);
}
