using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Runs a script block or a program while it holds a lock on a file, as flock(1) does.</summary>
[Cmdlet(VerbsOther.Use, "FileLock", DefaultParameterSetName = AddressSets.Path)]
[OutputType(typeof(object))]
public sealed class UseFileLockCommand : FileLockCommand
{
    /// <summary>What to run, in the caller's scope.</summary>
    [Parameter(Position = 1)]
    [ScriptBlockTransformation]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The program to run instead of a script block: a path, or a name that is looked for in PATH.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProgramCompleter))]
    public string? FilePath { get; set; }

    /// <summary>The program's arguments, each as it is: no shell reads them.</summary>
    [Parameter]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? ArgumentList { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        GuardedWork work = GuardedWork.Of(this, ScriptBlock, FilePath, ArgumentList, () => ResolveNewPath("."));
        FileLockHold hold = TakeLock();
        try
        {
            work.Run(Waiter);
        }
        finally
        {
            RunspaceResources.Release(hold);
        }
    }
}
