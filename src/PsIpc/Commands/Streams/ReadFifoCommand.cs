using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Opens a FIFO, reads it to its end and closes it: open(2), read(2), fifo(7).</summary>
[Cmdlet(VerbsCommunications.Read, "Fifo", DefaultParameterSetName = AddressSets.Path)]
[OutputType(typeof(string), typeof(byte[]))]
public sealed class ReadFifoCommand : ReadStreamCommand
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

    /// <summary>Goes on when the last who wrote has closed it, and waits for the next.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(Continuous), nameof(NoWait));
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object target = (object?)Fifo ?? Path;
        string file = Fifo?.Path ?? Path;
        try
        {
            using FifoFile fifo = FifoOpening.Find(this, Path, Fifo, out file);
            if (Continuous)
            {
                ReadContinuously(fifo, target, file);
                return;
            }

            WriteVerbose($"'{file}': opening.");
            using SafeDescriptor? descriptor = FifoOpening.Open(fifo, file, StreamAccess.Read, Waiter, Deadline, Timeout, out ErrorRecord? error);
            if (descriptor is null)
            {
                WriteError(error!);
                return;
            }

            ReadStream(new ByteStream(descriptor), new StreamInput(), handle: null, target, file);
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(target, file));
        }
        catch (IpcException e)
        {
            WriteFailure(e, target, file, ("maximum", MaxLength ?? 1 << 30));
        }
        catch (DecoderFallbackException e)
        {
            WriteNotDecodable(e, target, file);
        }
    }

    private void ReadContinuously(FifoFile fifo, object target, string file)
    {
        using FifoReader reader = new(fifo);
        StreamInput input = new();
        RecordTaker taker = TakerOf(input);
        Left = Count ?? int.MaxValue;
        while (true)
        {
            switch (reader.AwaitWriter(Waiter, Deadline))
            {
                case WaitStatus.Cancelled:
                    throw new PipelineStoppedException();
                case WaitStatus.Done:
                    break;
                default:
                    WriteError(Failure.Timeout("ReadTimeout", target, file, Timeout ?? default));
                    return;
            }

            if (!ReadUpToEnd(reader.Stream, input, taker, handle: null, target, file))
            {
                return;
            }

            reader.Renew();
            WriteVerbose($"'{file}': nobody writes any more; waiting for the next.");
        }
    }
}
