using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Lists IPC objects of the kernel.</summary>
[Cmdlet(VerbsCommon.Get, "IpcObject", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(SysVMessageQueue))]
[OutputType(typeof(SysVSharedMemory))]
[OutputType(typeof(SysVSemaphore))]
[OutputType(typeof(PosixMessageQueue))]
[OutputType(typeof(PosixSharedMemory))]
[OutputType(typeof(PosixSemaphore))]
[OutputType(typeof(Fifo))]
[OutputType(typeof(Pipe))]
[OutputType(typeof(UnixSocket))]
[OutputType(typeof(FileLock))]
[OutputType(typeof(FileMapping))]
public sealed class GetIpcObjectCommand : ObjectQueryCommand
{
    /// <summary>Objects as they were, to see them as they are now.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Object)]
    [IpcRecordTransformation]
    [ValidateNotNullOrEmpty]
    public IpcObject[] InputObject { get; set; } = [];

    /// <summary>
    /// Only objects that these processes have to do with: who has it open, who last sent or received, who is registered
    /// for notification.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[]? ProcessId { get; set; }

    /// <summary>Only objects that provably nobody needs any more: OrphanState Yes.</summary>
    [Parameter]
    public SwitchParameter Orphaned { get; set; }

    /// <summary>Only objects that nothing has happened to for so long: seconds, '5m', '1h', '2d' or a TimeSpan.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Looks who has each object open, and fills in Holders and Attribution.</summary>
    [Parameter]
    public SwitchParameter IncludeHolders { get; set; }

    /// <summary>Lists the IPC namespace of this process instead of the own one; takes CAP_SYS_ADMIN.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int? NamespaceOf { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (NamespaceOf is { } processId)
        {
            RefuseTogether(nameof(NamespaceOf), nameof(InputObject)); // a record is of one namespace already
            RefuseTogether(nameof(NamespaceOf), nameof(Path)); // FIFOs and sockets' files are in none
            RefuseTogether(nameof(NamespaceOf), nameof(LiteralPath));
            VisitNamespace(processId);
            return;
        }

        InventoryContext context = new();
        Write(Select(context), context);
    }

    private bool WantsHolders => IncludeHolders || Orphaned || ProcessId is not null;

    private IEnumerable<IpcObject> Select(InventoryContext context) => ParameterSetName switch
    {
        AddressSets.Key => FindByKey(context, Kind, Key!),
        AddressSets.Id => FindById(context, Kind, Id!),
        AddressSets.Object => FindAgain(context),
        AddressSets.Path => FindUnder(context, Path!, isLiteral: false),
        AddressSets.LiteralPath => FindUnder(context, LiteralPath!, isLiteral: true),
        _ when Name is not null => FindByName(context, Kind, Name),
        _ => List(context, Kind, WantsHolders),
    };

    private IEnumerable<IpcObject> FindAgain(InventoryContext context)
    {
        foreach (IpcObject record in InputObject)
        {
            if ((Kind is null || Kind.Contains(AllKinds.Of(record).Kind)) && FindNow(context, record) is { } subject)
            {
                yield return subject;
            }
        }
    }

    private IEnumerable<IpcObject> FindUnder(InventoryContext context, string[] paths, bool isLiteral)
    {
        foreach (IpcKind other in (Kind ?? []).Where(kind => kind is not (IpcKind.Fifo or IpcKind.UnixSocket)))
        {
            ThrowTerminatingError(Failure.Of("KindHasNoPath", ErrorCategory.InvalidArgument, other, ("kind", other)));
        }

        foreach (string root in paths.SelectMany(path => ResolvePaths(path, isLiteral)))
        {
            foreach (IpcObject subject in FindUnder(context, root))
            {
                yield return subject;
            }
        }
    }

    private IEnumerable<IpcObject> FindUnder(InventoryContext context, string root)
    {
        List<(string Path, FileObjectType Type)> found = [];
        try
        {
            found.AddRange(FileTree.Find(root, (path, e) => WriteError(Failure.Of(e, path, path)), () => Stopping));
        }
        catch (IpcException e)
        {
            WriteFailure(e, root, root);
        }

        foreach ((string path, FileObjectType type) in found)
        {
            if (Stopping)
            {
                throw new PipelineStoppedException();
            }

            IpcKind kind = type == FileObjectType.Fifo ? IpcKind.Fifo : IpcKind.UnixSocket;
            if ((Kind is null || Kind.Contains(kind)) && AllKinds.Of(kind).FindByName(context, path) is { } subject)
            {
                yield return subject;
            }
        }
    }

    /// <summary>What was read on the visit is written afterwards: a cmdlet writes on its own thread alone.</summary>
    private void VisitNamespace(int processId)
    {
        if (KindsOf(Kind).FirstOrDefault(one => !one.IsListedUnasked) is { } other)
        {
            ThrowTerminatingError(Failure.Of("KindNotInNamespace", ErrorCategory.InvalidArgument, other.Kind, ("kind", other.Kind)));
        }

        List<IpcObject> objects = [];
        try
        {
            // Shared memory and semaphores of POSIX belong to the mount namespace: the process's own view of them.
            string shared = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/root/dev/shm");
            HostIdentity.InNamespaceOf(processId, () =>
            {
                InventoryContext context = new() { SharedMemoryDirectory = shared };
                foreach (KindOperations operations in KindsOf(Kind))
                {
                    objects.AddRange(operations.Enumerate(context));
                }

                return true;
            });
        }
        catch (IpcException e)
        {
            ThrowFailure(e, processId, processId.ToString(CultureInfo.InvariantCulture));
        }

        ReportMisses(objects);
        Write(objects.Where(IsAddressed), new InventoryContext());
    }

    /// <summary>An address without wildcards that there is not, is an error in another namespace, too.</summary>
    private void ReportMisses(List<IpcObject> objects)
    {
        foreach (IpcKey key in ParameterSetName == AddressSets.Key ? Key! : [])
        {
            ReportMiss(objects.Exists(one => one is SysVObject subject && subject.Key == key.ToInt32()), key, $"IPC object with the key {key}");
        }

        foreach (int id in ParameterSetName == AddressSets.Id ? Id! : [])
        {
            ReportMiss(objects.Exists(one => one is SysVObject subject && subject.Id == id), id, string.Create(CultureInfo.InvariantCulture, $"IPC object with the id {id}"));
        }

        foreach (string name in (Name ?? []).Where(one => !WildcardPattern.ContainsWildcardCharacters(one)))
        {
            string literal = WildcardPattern.Unescape(name);
            ReportMiss(objects.Exists(one => one.Name == literal), literal, $"IPC object {literal}");
        }
    }

    private bool IsAddressed(IpcObject subject) => ParameterSetName switch
    {
        AddressSets.Key => subject is SysVObject { Key: var key } && Key!.Any(one => one.ToInt32() == key),
        AddressSets.Id => subject is SysVObject { Id: var id } && Id!.Contains(id),
        _ => Name is null || Name.Any(name => new WildcardPattern(name, WildcardOptions.None).IsMatch(subject.Name)),
    };

    private void Write(IEnumerable<IpcObject> objects, InventoryContext context)
    {
        objects = objects.Where(IsOwned).Where(IsOld);
        if (WantsHolders)
        {
            // Holders are found in one pass for all objects together, so these are collected first.
            List<IpcObject> all = [.. objects];
            HolderSearch.Fill(all, context, isPrepared: NamespaceOf is null && Name is null && ParameterSetName == AddressSets.Name);
            objects = all.Where(subject => !Orphaned || subject.OrphanState == OrphanStates.Yes).Where(IsOfProcess);
        }

        else if (NamespaceOf is null && (Name is not null || ParameterSetName is AddressSets.Object or AddressSets.Path or AddressSets.LiteralPath))
        {
            // FIFOs come with their holders however they were found: those that a path led to lack them as yet.
            List<IpcObject> all = [.. objects];
            HolderSearch.Fill([.. all.Where(subject => subject is Fifo)], context);
            objects = all;
        }

        foreach (IpcObject subject in objects)
        {
            WriteObject(subject);
        }
    }

    private bool IsOld(IpcObject subject) =>
        OlderThan is not { } age || (subject.LastActivity is { } last && DateTime.UtcNow - last.ToUniversalTime() > age);

    private bool IsOfProcess(IpcObject subject) => ProcessId is null
        || (subject.Holders?.Any(holder => ProcessId.Contains(holder.ProcessId)) ?? false)
        || subject.ProcessIds.Any(ProcessId.Contains);
}
