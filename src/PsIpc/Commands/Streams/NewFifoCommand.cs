using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Streams;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Makes FIFOs: mkfifo(3).</summary>
[Cmdlet(VerbsCommon.New, "Fifo", SupportsShouldProcess = true)]
[OutputType(typeof(Fifo))]
public sealed class NewFifoCommand : IpcCommand
{
    /// <summary>Where to make them, taken literally.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Its permissions, exactly: octal digits, rw-r----- or u=rw,g=r. 0600 unless said otherwise.</summary>
    [Parameter]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>Takes the FIFO that is there already, with the mode it has. Anything else of that name is an error.</summary>
    [Parameter]
    public SwitchParameter OpenExisting { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (string path in Path)
        {
            try
            {
                Make(path, ResolveNewPath(path));
            }
            catch (Exception e) when (e is IContainsErrorRecord && e is not PipelineStoppedException)
            {
                WriteError(((IContainsErrorRecord)e).ErrorRecord); // no such drive, not a file system
            }
        }
    }

    private void Make(string path, string file)
    {
        try
        {
            if (OpenExisting && AllKinds.Of(IpcKind.Fifo).FindByName(new InventoryContext(), file) is { } existing)
            {
                WriteVerbose($"'{file}': exists already.");
                WriteObject(existing);
                return;
            }

            if (!ShouldProcess(file, "Create FIFO"))
            {
                return;
            }

            Create(file);
            if (AllKinds.Of(IpcKind.Fifo).FindByName(new InventoryContext(), file) is { } made)
            {
                WriteObject(made);
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, path, file, ("directory", System.IO.Path.GetDirectoryName(file)));
        }
    }

    private void Create(string file)
    {
        try
        {
            FifoFile.Create(file, (Mode ?? PermissionMode.OwnerOnly).Bits);
        }
        catch (IpcException e) when (OpenExisting && e.Errno == Errno.EEXIST)
        {
            FifoFile.Find(file).Dispose(); // another process made it first, or it is something else: then this says what
        }
    }
}
