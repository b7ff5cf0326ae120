using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Writes to a pipe, an open FIFO, a stream socket or any other descriptor: write(2).</summary>
[Cmdlet(VerbsCommunications.Write, "Pipe")]
public sealed class WritePipeCommand : WriteStreamCommand
{
    /// <summary>
    /// Where to write: a handle of this module, of a pipe its end that is written to; also a FileStream, a pipe or socket of .NET, or the number
    /// of a descriptor.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    public object? Handle { get; set; }

    /// <inheritdoc/>
    private protected override (ByteStream Stream, string Name) OpenStream()
    {
        object? bare = Handle is PSObject wrapper ? wrapper.BaseObject : Handle;
        object? source = bare is OpenPipe pipe ? pipe.Writer : bare;
        string name = DescriptorHandles.NameOf(source);

        // A copy, so that nobody closes it between two objects; it goes with the cmdlet.
        SafeDescriptor copy = TryCopyDescriptor(source is PipeEnd ? source : Handle, out ErrorRecord? error) ?? throw Terminated(error!);
        Descriptor = copy;
        try
        {
            ByteStream stream = new(copy);
            if (stream.CarriesMessages)
            {
                throw Terminated(Failure.Of(
                    "StreamSocketNeeded", ErrorCategory.InvalidOperation, Handle, ("target", name), ("command", "Send-UnixSocketMessage")));
            }

            if (stream.IsListening)
            {
                throw new IpcException("write", Errno.ENOTCONN);
            }

            return stream.CanWrite
                ? (stream, name)
                : throw Terminated(Failure.Of("NotOpenForWriting", ErrorCategory.InvalidOperation, Handle, ("target", name)));
        }
        catch (IpcException e)
        {
            throw Terminated(Failure.Of(e, Handle, name));
        }
    }
}
