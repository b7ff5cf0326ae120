using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;

namespace PsIpc;

/// <summary>One end of a pipe; see pipe(7).</summary>
public sealed class PipeEnd : StreamHandle
{
    internal PipeEnd(SafeDescriptor descriptor, StreamInput? input, ulong inode, bool packet)
        : base(descriptor, input)
    {
        Inode = inode;
        IsPacket = packet;
    }

    /// <summary>The pipe's inode: both ends have the same, in every process.</summary>
    public ulong Inode { get; }

    /// <summary>Whether each write of up to 4096 bytes comes out as a packet of its own.</summary>
    public bool IsPacket { get; }

    internal override string StreamName => string.Create(CultureInfo.InvariantCulture, $"pipe:[{Inode}]");

    internal override string HandleText => "Pipe";

    internal override DescriptorHandle? Of(SafeDescriptor copy) => new PipeEnd(copy, Input, Inode, IsPacket);
}
