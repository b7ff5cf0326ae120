using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Gives locks on files back.</summary>
[Cmdlet(VerbsCommon.Unlock, "File", DefaultParameterSetName = AddressSets.Path)]
public sealed class UnlockFileCommand : IpcCommand
{
    /// <summary>Files whose locks this runspace gives back: all that it holds on them. Taken literally.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HeldLockPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>The locks, as Lock-File emits them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Lock)]
    [ValidateNotNullOrEmpty]
    public HeldFileLock[] Lock { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == AddressSets.Lock)
        {
            foreach (HeldFileLock held in Lock)
            {
                Unlock(held, held.Path, FileLockHold.Of(held) is { } hold ? [hold] : []);
            }

            return;
        }

        foreach (string path in Path)
        {
            string file = path;
            try
            {
                file = ResolveNewPath(path);
                Unlock(path, file, FileLockHold.OfFile(file));
            }
            catch (IpcException e)
            {
                WriteFailure(e, path, file);
            }
            catch (System.Exception e) when (e is IContainsErrorRecord && e is not PipelineStoppedException)
            {
                WriteError(((IContainsErrorRecord)e).ErrorRecord); // no such drive, not a file system
            }
        }
    }

    private void Unlock(object target, string path, IEnumerable<FileLockHold> holds)
    {
        FileLockHold[] all = [.. holds.Where(hold => hold.IsHeld)];
        if (all.Length == 0)
        {
            WriteError(Failure.Of("LockNotHeld", ErrorCategory.ObjectNotFound, target, ("target", path)));
            return;
        }

        foreach (FileLockHold hold in all)
        {
            RunspaceResources.Release(hold);
            WriteVerbose($"{hold.Handle}: unlocked.");
        }
    }
}
