using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Tells which processes have IPC objects open, attached or mapped; or what a process has.</summary>
[Cmdlet(VerbsCommon.Get, "IpcHolder", DefaultParameterSetName = AddressSets.Object)]
[OutputType(typeof(IpcHolder))]
public sealed class GetIpcHolderCommand : AddressedObjectCommand
{
    private readonly InventoryContext _context = new();
    private readonly List<IpcObject> _objects = [];

    /// <summary>The processes whose objects are wanted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Process)]
    [ValidateRange(1, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[] ProcessId { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == AddressSets.Process)
        {
            WriteHeldBy([.. ProcessId.Distinct()]);
            return;
        }

        foreach (IpcObject record in Addressed(_context))
        {
            Collect(record, DisplayNameOf(record));
        }
    }

    /// <summary>One pass over /proc serves all objects together, so they are collected first.</summary>
    protected override void EndProcessing()
    {
        HolderSearch.Fill(_objects, _context);
        foreach (IpcObject subject in _objects)
        {
            foreach (IpcHolder holder in subject.Holders ?? [])
            {
                WriteObject(HolderSearch.Of(holder, subject));
            }
        }

        if (_objects.Exists(subject => subject.Attribution == "Partial"))
        {
            WriteWarning(Sentences.Format("HoldersPartial"));
        }
    }

    private void Collect(IpcObject record, string name)
    {
        KindOperations operations = AllKinds.Of(record);
        try
        {
            Provenance.Check(record);
            if (operations is { Holders: HolderSource.None, KnowsHolders: false })
            {
                WriteError(Failure.Of("HoldersNotRecorded", ErrorCategory.InvalidArgument, record, ("target", name)));
                return;
            }

            // What has an inode is looked for by it, even when its name is gone. An id may be another segment's by now, and what was
            // listed together with its holders is listed anew.
            IpcObject? subject = record.Copy();
            if (operations.HasKey || operations.KnowsHolders)
            {
                subject = operations.Refresh(_context, record);
            }

            if (subject is null || !operations.IsSame(record, subject))
            {
                WriteError(Failure.Of("ObjectNotFound", ErrorCategory.ObjectNotFound, record, ("hint", ""), ("target", name)));
                return;
            }

            if (!operations.KnowsHolders)
            {
                subject.Holders = null;
            }

            _objects.Add(subject);
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(record, name));
        }
        catch (IpcException e)
        {
            WriteFailure(e, record, name);
        }
    }

    private void WriteHeldBy(int[] processes)
    {
        IReadOnlyList<IpcHolder> holders = HolderSearch.HeldBy(
            processes, List(_context, null), _context, out IReadOnlyDictionary<int, Errno> failures);
        foreach ((int pid, Errno errno) in failures)
        {
            string name = pid.ToString(CultureInfo.InvariantCulture);
            ErrorRecord error = errno is Errno.ENOENT or Errno.ESRCH
                ? Failure.Of("ProcessNotFound", ErrorCategory.ObjectNotFound, pid, ("target", name))
                : Failure.Of("ProcessHidden", ErrorCategory.PermissionDenied, pid, ("target", name));
            WriteError(error);
        }

        foreach (IpcHolder holder in holders.OrderBy(one => System.Array.IndexOf(processes, one.ProcessId)))
        {
            WriteObject(holder);
        }
    }
}
