using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Opens a FIFO and waits for the other side: open(2), fifo(7).</summary>
[Cmdlet(VerbsCommon.Open, "Fifo", DefaultParameterSetName = AddressSets.Path)]
[OutputType(typeof(OpenFifo))]
public sealed class OpenFifoCommand : WaitingCommand
{
    /// <summary>The FIFO, taken literally. A symbolic link is refused, and so is whatever is no FIFO.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FifoPathCompleter))]
    public string Path { get; set; } = "";

    /// <summary>The FIFO, as New-Fifo and Get-IpcObject emit it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Fifo)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    public Fifo? Fifo { get; set; }

    /// <summary>Read, Write or ReadWrite; Read unless said otherwise. ReadWrite never waits and never sees the end.</summary>
    [Parameter]
    public StreamAccess? Access { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object target = (object?)Fifo ?? Path;
        string file = Fifo?.Path ?? Path;
        try
        {
            using FifoFile fifo = FifoOpening.Find(this, Path, Fifo, out file);
            WriteVerbose($"'{file}': opening.");
            SafeDescriptor? descriptor = FifoOpening.Open(fifo, file, Access ?? StreamAccess.Read, Waiter, NextDeadline, Timeout, out ErrorRecord? error);
            if (descriptor is null)
            {
                WriteError(error!);
                return;
            }

            Deliver(new OpenFifo(descriptor, null, file));
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(target, file));
        }
        catch (IpcException e)
        {
            WriteFailure(e, target, file);
        }
    }

    private void Deliver(OpenFifo handle)
    {
        try
        {
            WriteObject(handle);
        }
        catch (PipelineStoppedException)
        {
            handle.Dispose(); // nobody has it
            throw;
        }
    }
}
