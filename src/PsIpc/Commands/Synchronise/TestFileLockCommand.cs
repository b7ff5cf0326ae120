using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Locks;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Tells whether Lock-File with the same parameters would have to wait.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FileLock")]
[OutputType(typeof(bool))]
public sealed class TestFileLockCommand : IpcCommand
{
    /// <summary>The regular files, taken literally.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Asks for a shared lock, for which only an exclusive one is in the way.</summary>
    [Parameter]
    public SwitchParameter Shared { get; set; }

    /// <summary>The kind of lock: Flock for a whole file, OpenFileDescription where -Start or -Length is given, unless said otherwise.</summary>
    [Parameter]
    public FileLockKind? LockKind { get; set; }

    /// <summary>Offset of the first byte; 0 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Start { get; set; }

    /// <summary>How many bytes; all up to the end of the file unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long? Length { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            string file = path;
            try
            {
                file = ResolveNewPath(path);
                WriteObject(FileLockHold.WouldWait(LockRange.Request(file, LockKind, Start, Length, Shared, create: false)));
            }
            catch (LockRefusedException e)
            {
                ThrowTerminatingError(Failure.Of(e.ErrorId, ErrorCategory.InvalidArgument, path, ("target", path)));
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
}
