using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Inventory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Lists the locks on files, who holds them and who waits for them: /proc/locks.</summary>
[Cmdlet(VerbsCommon.Get, "FileLock", DefaultParameterSetName = AddressSets.Path)]
[OutputType(typeof(FileLock))]
public sealed class GetFileLockCommand : IpcCommand
{
    private readonly MountTable _mounts = new();
    private List<FileLock> _locks = [];

    /// <summary>Only locks of these files; wildcards are allowed. All unless said otherwise.</summary>
    [Parameter(Position = 0, ParameterSetName = AddressSets.Path)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Only locks of these files, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.LiteralPath)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Only locks that these processes hold or wait for.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[]? ProcessId { get; set; }

    /// <summary>Only requests that wait.</summary>
    [Parameter]
    public SwitchParameter Waiting { get; set; }

    /// <summary>Only requests of processes that wait for one another in a circle, so that none of them will ever go on.</summary>
    [Parameter]
    public SwitchParameter Deadlock { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        InventoryContext context = new();
        try
        {
            _locks = [.. FileLockSearch.All(context)];
        }
        catch (IpcException e)
        {
            ThrowFailure(e, null, "list of file locks");
        }

        IEnumerable<FileLock> found = Deadlock ? FileLockSearch.Deadlocked(context, _locks) : _locks;
        if (ParameterSetName == AddressSets.LiteralPath || Path is not null)
        {
            HashSet<FileLock> wanted = [.. (ParameterSetName == AddressSets.LiteralPath ? LiteralPath : Path!).SelectMany(OfPath)];
            found = found.Where(wanted.Contains);
        }

        foreach (FileLock one in found)
        {
            if ((!Waiting || one.Waiting) && (ProcessId is null || Array.Exists(ProcessId, id => id == one.ProcessId || Array.Exists(one.Holders ?? [], holder => holder.ProcessId == id))))
            {
                WriteObject(one);
            }
        }
    }

    /// <summary>The locks of the files that a path stands for; one that stands for none is an error, and never stops the others.</summary>
    private IEnumerable<FileLock> OfPath(string path)
    {
        try
        {
            if (ParameterSetName == AddressSets.LiteralPath || !WildcardPattern.ContainsWildcardCharacters(path))
            {
                return OfFile(ResolveNewPath(ParameterSetName == AddressSets.LiteralPath ? path : WildcardPattern.Unescape(path)), isWanted: true);
            }

            Collection<string> files = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            RefuseOtherProviders(provider, path);
            return files.SelectMany(file => OfFile(file, isWanted: false));
        }
        catch (Exception e) when (e is IContainsErrorRecord && e is not PipelineStoppedException)
        {
            WriteError(((IContainsErrorRecord)e).ErrorRecord); // no such drive, not a file system
            return [];
        }
    }

    private List<FileLock> OfFile(string file, bool isWanted)
    {
        (ulong Device, ulong Inode)? identity = null;
        try
        {
            identity = _mounts.TryIdentify(file); // whatever it is: flock(1) locks directories as well
        }
        catch (IpcException e)
        {
            if (isWanted)
            {
                WriteFailure(e, file, file);
            }

            return [];
        }

        List<FileLock> found = _locks.FindAll(one => one.Path == file || (one.Device, one.Inode) == (identity?.Device, identity?.Inode));
        if (found.Count == 0 && identity is null && isWanted)
        {
            WriteFailure(new IpcException("open(lock)", Errno.ENOENT), file, file);
        }

        return found;
    }
}
