using System;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Memory;
using PsIpc.Native.Sockets;

namespace PsIpc.Runtime;

/// <summary>Makes the handles that users get of descriptors.</summary>
internal static class DescriptorHandles
{
    private const string PipePrefix = "pipe:[";
    private const string MemoryFilePrefix = "/memfd:";
    private const string Deleted = " (deleted)";

    /// <summary>The handle of a descriptor that came from elsewhere, by what it is. It owns the descriptor from now on.</summary>
    /// <exception cref="IpcException">It cannot be looked at; the descriptor stays the caller's.</exception>
    internal static DescriptorHandle Of(SafeDescriptor descriptor)
    {
        DescriptorStatus status = DescriptorStatus.Of(descriptor);
        string link = status.Link ?? "";
        switch (status.Type)
        {
            case FileObjectType.Fifo when link.Length == 0 || link.StartsWith(PipePrefix, StringComparison.Ordinal):
                return new PipeEnd(descriptor, null, status.Inode, packet: false);
            case FileObjectType.Fifo:
                return new OpenFifo(descriptor, null, link);
            case FileObjectType.Socket when TryAdopt(descriptor) is { } socket:
                return SocketHandles.Of(socket);
            case FileObjectType.Regular when link.StartsWith(MemoryFilePrefix, StringComparison.Ordinal):
                string label = link[MemoryFilePrefix.Length..];
                return new AnonymousMemory(
                    MemoryObject.Of(descriptor), label.EndsWith(Deleted, StringComparison.Ordinal) ? label[..^Deleted.Length] : label);
            default:
                string kind = status switch
                {
                    { IsDirectory: true } => "Directory",
                    { Type: FileObjectType.Regular } => "File",
                    { Type: FileObjectType.Socket } => "Socket",
                    _ => "Other",
                };
                return new FileHandle(descriptor, null, kind, link);
        }
    }

    /// <summary>The handles of all descriptors of a message, or none at all: what cannot be looked at is closed.</summary>
    internal static IpcHandle[] Of(SafeDescriptor[] descriptors)
    {
        IpcHandle[] handles = new IpcHandle[descriptors.Length];
        try
        {
            for (int i = 0; i < handles.Length; i++)
            {
                handles[i] = Of(descriptors[i]);
            }

            return handles;
        }
        catch
        {
            Array.ForEach(descriptors, one => one.Dispose());
            throw;
        }
    }

    /// <summary>Both ends of a new pipe.</summary>
    internal static OpenPipe OfPipe(SafeDescriptor reader, SafeDescriptor writer, bool packet)
    {
        ulong inode = DescriptorStatus.Of(writer).Inode;
        return new OpenPipe(new PipeEnd(reader, null, inode, packet), new PipeEnd(writer, null, inode, packet));
    }

    /// <summary>A handle of a kind of its own for a copy of what was given.</summary>
    /// <param name="source">What was given: a handle of this module, or anything else that has a descriptor.</param>
    /// <param name="copy">The copy of its descriptor.</param>
    internal static DescriptorHandle Copy(object? source, SafeDescriptor copy)
    {
        DescriptorHandle handle = (source as DescriptorHandle)?.Of(copy) ?? Of(copy);
        if (source is UnixSocketHandle original && handle is UnixSocketHandle socket)
        {
            SocketHold.KeepCopy(original, socket);
        }

        return handle;
    }

    /// <summary>What to call a stream in a sentence that puts it in quotes.</summary>
    internal static string NameOf(object? value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        StreamHandle handle => handle.StreamName,
        int number => string.Create(CultureInfo.InvariantCulture, $"descriptor {number}"),
        _ => DescriptorSource.NameOf(value).Trim('\''),
    };

    /// <summary>
    /// Null for a socket of the network, which is good to be read, written and handed on, and for a socket's file that was opened by O_PATH.
    /// </summary>
    private static LocalSocket? TryAdopt(SafeDescriptor descriptor)
    {
        try
        {
            return LocalSocket.Adopt(descriptor);
        }
        catch (IpcException e) when (e.Errno is Errno.EAFNOSUPPORT or Errno.EBADF or Errno.ENOTSOCK)
        {
            return null;
        }
    }
}
