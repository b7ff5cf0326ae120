using System.Globalization;
using PsIpc.Native.Handles;

namespace PsIpc;

/// <summary>A descriptor that came through a socket and is no socket itself: whatever the sender has open, this process has it open as well.</summary>
public sealed class PassedHandle : DescriptorHandle
{
    internal PassedHandle(SafeDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <summary>What it is: Pipe, Fifo, MemoryFile (memfd), File, Directory, or Other.</summary>
    public string HandleKind { get; internal set; } = "";

    /// <summary>What it is open for: Read, Write, ReadWrite, or None of one opened by O_PATH.</summary>
    public string Access { get; internal set; } = "";

    /// <summary>What /proc calls it: the path of a file, <c>pipe:[inode]</c>, <c>/memfd:name</c>, <c>anon_inode:[eventfd]</c>.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Kind and name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{HandleKind} {Name}");
}
