using System.Management.Automation;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Runtime;
using NativePipe = PsIpc.Native.Streams.PipePair;

namespace PsIpc.Commands;

/// <summary>Makes a pipe: pipe2(2).</summary>
[Cmdlet(VerbsCommon.New, "Pipe", SupportsShouldProcess = true)]
[OutputType(typeof(OpenPipe))]
public sealed class NewPipeCommand : IpcCommand
{
    private const string Target = "pipe";

    /// <summary>Makes each write of up to 4096 bytes a packet of its own, which is read as it was written (O_DIRECT).</summary>
    [Parameter]
    public SwitchParameter Packet { get; set; }

    /// <summary>Bytes that it holds before who writes has to wait, rounded up to pages: 64KB unless said otherwise. Takes 1MB.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Capacity { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ShouldProcess(Target, "Create"))
        {
            return;
        }

        try
        {
            WriteObject(Make());
        }
        catch (IpcException e)
        {
            WriteFailure(e, null, Target, ("capacity", Capacity));
        }
    }

    private OpenPipe Make()
    {
        (SafeDescriptor reader, SafeDescriptor writer) = NativePipe.Create(Packet);
        try
        {
            if (Capacity is { } bytes)
            {
                int now = NativePipe.SetCapacity(writer, bytes);
                WriteVerbose($"The pipe holds {now} bytes.");
            }

            return DescriptorHandles.OfPipe(reader, writer, Packet);
        }
        catch
        {
            writer.Dispose();
            reader.Dispose();
            throw;
        }
    }
}
