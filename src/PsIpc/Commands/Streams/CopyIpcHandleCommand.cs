using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Copies handles: dup(2).</summary>
[Cmdlet(VerbsCommon.Copy, "IpcHandle")]
[OutputType(typeof(DescriptorHandle))]
public sealed class CopyIpcHandleCommand : IpcCommand
{
    private bool _isFromPipeline;

    /// <summary>
    /// What to copy: a handle of this module; also, but not from the pipeline, a FileStream, a pipe or socket of .NET, or the number of a
    /// descriptor.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? Handle { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _isFromPipeline = Handle is null;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object? source = Handle is PSObject wrapper ? wrapper.BaseObject : Handle;
        if (source is not IpcHandle && _isFromPipeline && !DescriptorSource.IsPicture(Handle))
        {
            WriteError(Failure.Of(
                "HandleUnknown", ErrorCategory.InvalidArgument, Handle, ("target", DescriptorSource.NameOf(Handle)), ("type", source?.GetType())));
            return;
        }

        if (source is IpcHandle and not DescriptorHandle)
        {
            WriteError(Failure.Of("HandleNotCopied", ErrorCategory.InvalidOperation, Handle, ("target", DescriptorSource.NameOf(Handle))));
            return;
        }

        SafeDescriptor? copy = TryCopyDescriptor(Handle, out ErrorRecord? error);
        if (copy is null)
        {
            WriteError(error!);
            return;
        }

        Deliver(source, copy);
    }

    private void Deliver(object? source, SafeDescriptor copy)
    {
        DescriptorHandle? handle = null;
        try
        {
            handle = DescriptorHandles.Copy(source, copy);
            if (handle is null)
            {
                WriteError(Failure.Of("HandleNotCopied", ErrorCategory.InvalidOperation, Handle, ("target", DescriptorSource.NameOf(Handle))));
                return;
            }

            WriteObject(handle);
        }
        catch (PipelineStoppedException)
        {
            handle?.Dispose(); // nobody has it
            throw;
        }
        catch (IpcException e)
        {
            WriteFailure(e, Handle, DescriptorSource.NameOf(Handle));
        }
        finally
        {
            if (handle is null)
            {
                copy.Dispose();
            }
        }
    }
}
