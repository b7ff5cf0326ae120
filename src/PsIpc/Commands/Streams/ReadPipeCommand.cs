using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Reads a pipe, an open FIFO, a stream socket or any other descriptor: read(2).</summary>
[Cmdlet(VerbsCommunications.Read, "Pipe")]
[OutputType(typeof(string), typeof(byte[]))]
public sealed class ReadPipeCommand : ReadStreamCommand
{
    private bool _isFromPipeline;

    /// <summary>
    /// What to read: a handle of this module, of a pipe its end that is read; also, but not from the pipeline, a FileStream, a pipe or socket
    /// of .NET, or the number of a descriptor.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? Handle { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isFromPipeline = Handle is null;
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object? bare = Handle is PSObject wrapper ? wrapper.BaseObject : Handle;
        object? source = bare is OpenPipe pipe ? pipe.Reader : bare;
        switch (source)
        {
            case StreamHandle { IsClosed: false } handle:
                if (RefuseUnreadable(handle.Stream, Handle, handle.StreamName))
                {
                    ReadStream(handle.Stream, handle.Input, handle, Handle!, handle.StreamName);
                }

                return;
            case not IpcHandle when _isFromPipeline && !DescriptorSource.IsPicture(Handle):
                WriteError(Failure.Of(
                    "HandleUnknown", ErrorCategory.InvalidArgument, Handle, ("target", DescriptorSource.NameOf(Handle)), ("type", bare?.GetType())));
                return;
            default:
                ReadForeign(source);
                return;
        }
    }

    private void ReadForeign(object? source)
    {
        using SafeDescriptor? copy = TryCopyDescriptor(source is PipeEnd ? source : Handle, out ErrorRecord? error);
        if (copy is null)
        {
            WriteError(error!);
            return;
        }

        string name = DescriptorHandles.NameOf(Handle);
        try
        {
            ByteStream stream = new(copy);
            if (RefuseUnreadable(stream, Handle, name))
            {
                ReadStream(stream, new StreamInput(), handle: null, Handle!, name);
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, Handle, name);
        }
    }

    private bool RefuseUnreadable(ByteStream stream, object? target, string name)
    {
        if (stream.CarriesMessages)
        {
            WriteError(Failure.Of("StreamSocketNeeded", ErrorCategory.InvalidOperation, target, ("target", name), ("command", "Receive-UnixSocketMessage")));
            return false;
        }

        if (stream.IsListening)
        {
            WriteFailure(new IpcException("read", Errno.ENOTCONN), target, name);
            return false;
        }

        if (!stream.CanRead)
        {
            WriteError(Failure.Of("NotOpenForReading", ErrorCategory.InvalidOperation, target, ("target", name)));
        }

        return stream.CanRead;
    }
}
