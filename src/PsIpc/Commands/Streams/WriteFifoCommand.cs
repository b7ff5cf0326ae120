using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Streams;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Opens a FIFO, writes to it and closes it: open(2), write(2), fifo(7).</summary>
[Cmdlet(VerbsCommunications.Write, "Fifo", DefaultParameterSetName = AddressSets.Path)]
public sealed class WriteFifoCommand : WriteStreamCommand
{
    /// <summary>The FIFO, taken literally. A symbolic link is refused, and so is whatever is no FIFO: nothing is ever created or overwritten.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FifoPathCompleter))]
    public string Path { get; set; } = "";

    /// <summary>The FIFO, as New-Fifo and Get-IpcObject emit it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Fifo)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    public Fifo? Fifo { get; set; }

    /// <inheritdoc/>
    private protected override (ByteStream Stream, string Name) OpenStream()
    {
        object target = (object?)Fifo ?? Path;
        string file = Fifo?.Path ?? Path;
        try
        {
            using FifoFile fifo = FifoOpening.Find(this, Path, Fifo, out file);
            WriteVerbose($"'{file}': opening.");
            Descriptor = FifoOpening.Open(fifo, file, StreamAccess.Write, Waiter, NextDeadline, Timeout, out ErrorRecord? error);
            return Descriptor is null ? throw Terminated(error!) : (new ByteStream(Descriptor), file);
        }
        catch (ForeignObjectException e)
        {
            throw Terminated(e.ToErrorRecord(target, file));
        }
        catch (IpcException e)
        {
            throw Terminated(Failure.Of(e, target, file));
        }
    }
}
