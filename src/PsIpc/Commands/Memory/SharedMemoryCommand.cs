using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Memory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Works on shared memory of any kind that is there already.</summary>
public abstract class SharedMemoryCommand : IpcCommand
{
    /// <summary>The name of a POSIX shared memory object, with its slash: /frames.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Name)]
    [ValidateSharedMemoryName]
    [ArgumentCompleter(typeof(SharedMemoryNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The key of a System V segment.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Key)]
    [IpcKeyTransformation]
    [ArgumentCompleter(typeof(SysVSharedMemoryKeyCompleter))]
    public IpcKey Key { get; set; }

    /// <summary>The id of a System V segment; 0 is a valid one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Id)]
    [ArgumentCompleter(typeof(SysVSharedMemoryIdCompleter))]
    [ValidateRange(0, int.MaxValue)]
    public int Id { get; set; }

    /// <summary>A file that is shared by being mapped.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What was given as memory: a record, a view, a handle, the number of a descriptor.</summary>
    private protected abstract object? Subject { get; }

    /// <summary>The memory that the parameters address.</summary>
    private protected MemoryAddress Address => ParameterSetName switch
    {
        AddressSets.Key => MemoryAddress.OfKey(Key),
        AddressSets.Id => MemoryAddress.OfId(Id),
        AddressSets.Path => MemoryAddress.OfPath(ResolveNewPath(Path), Path),
        AddressSets.Name => MemoryAddress.OfName(Name),
        _ => OfSubject((Subject is PSObject wrapper ? wrapper.BaseObject : Subject)!),
    };

    /// <summary>Opens the memory and does something with it; what is wrong is told by an error record, and does not stop the others.</summary>
    private protected void Use(bool canWrite, Action<OpenMemory, MemoryAddress> work)
    {
        MemoryAddress address = Address;
        try
        {
            using OpenMemory memory = address.Open(canWrite);
            ObjectDisposedException.ThrowIf(memory.View is { IsClosed: true }, typeof(MemoryView));
            work(memory, address);
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(address.Target, address.Name));
        }
        catch (HandleRefusedException)
        {
            _ = TryCopyDescriptor(address.Target, out ErrorRecord? error);
            WriteError(error);
        }
        catch (ObjectDisposedException)
        {
            WriteError(Failure.Of("HandleClosed", ErrorCategory.ObjectNotFound, address.Target, ("target", address.Name)));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (IpcException e)
        {
            WriteError(Failed(e, address));
        }
    }

    /// <summary>The record of a failed call on the memory.</summary>
    private protected static ErrorRecord Failed(IpcException failure, MemoryAddress address, params (string Place, object? Value)[] values) => Failure.Of(
        failure, address.Target, address.Name,
        [("who", Owners.Of(failure, address.Target, IpcKind.SysVSharedMemory, IpcKind.PosixSharedMemory)), .. values]);

    /// <summary>Tells of a part that the memory does not have. Where all that is left was asked for and nothing is, its first byte is missing.</summary>
    private protected void WriteRangeError(MemoryAddress address, long offset, long length, long size) => WriteError(Failure.Of(
        "MemoryRange", ErrorCategory.InvalidArgument, address.Target, ("target", address.Name), ("offset", offset), ("length", long.Max(1, length)), ("size", size)));

    private static MemoryAddress OfSubject(object subject) => subject switch
    {
        PosixSharedMemory record => MemoryAddress.OfRecord(record),
        SysVSharedMemory record => MemoryAddress.OfRecord(record),
        FileMapping record => MemoryAddress.OfRecord(record),
        SharedMemoryView view => MemoryAddress.OfView(view),
        _ => MemoryAddress.OfHandle(subject, subject is int or long ? $"descriptor {DescriptorSource.NameOf(subject)}" : DescriptorSource.NameOf(subject), () => Copy(subject)),
    };

    private static SafeDescriptor Copy(object subject) => DescriptorSource.Copy(subject);
}
