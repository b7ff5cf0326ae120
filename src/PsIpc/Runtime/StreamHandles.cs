using System.Globalization;
using System.Management.Automation;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;

namespace PsIpc.Runtime;

/// <summary>Makes handles of descriptors through which bytes flow.</summary>
internal static class StreamHandles
{
    /// <summary>Both ends of a new pipe.</summary>
    internal static OpenPipe OfPipe(SafeDescriptor reader, SafeDescriptor writer, bool packet)
    {
        ulong inode = DescriptorFile.Of(writer).Inode;
        return new OpenPipe(new PipeEnd(reader, null, inode, packet), new PipeEnd(writer, null, inode, packet));
    }

    /// <summary>What to call a stream in a sentence that puts it in quotes.</summary>
    internal static string NameOf(object? value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        StreamHandle handle => handle.Name,
        int number => string.Create(CultureInfo.InvariantCulture, $"descriptor {number}"),
        _ => DescriptorSource.NameOf(value).Trim('\''),
    };

    /// <summary>A handle of a kind of its own for a copy of what was given.</summary>
    /// <param name="source">What was given: a handle of this module, or anything else that has a descriptor.</param>
    /// <param name="copy">The copy of its descriptor.</param>
    /// <returns>Null where a copy would be of no use.</returns>
    internal static DescriptorHandle? Copy(object? source, SafeDescriptor copy)
    {
        if (source is DescriptorHandle handle)
        {
            return handle.Of(copy);
        }

        DescriptorFile file = DescriptorFile.Of(copy);
        return file switch
        {
            { IsPipe: true } => new PipeEnd(copy, null, file.Inode, packet: false),
            { IsFifo: true, Link: { } path } => new OpenFifo(copy, null, path),
            _ => new OpenStream(copy, null, file.Link ?? ""),
        };
    }
}
