using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;

namespace PsIpc;

/// <summary>
/// A descriptor of what is no pipe, FIFO, Unix socket or memory without name: a file, a directory, a terminal, an eventfd. It was copied, or came
/// through a socket: whatever the sender has open, this process has it open as well.
/// </summary>
public sealed class FileHandle : StreamHandle
{
    internal FileHandle(SafeDescriptor descriptor, StreamInput? input, string kind, string name)
        : base(descriptor, input) => (HandleKind, Name) = (kind, name);

    /// <summary>What it is: File, Directory, Socket (of the network), or Other.</summary>
    public string HandleKind { get; }

    /// <summary>What /proc calls it: the path of a file, <c>anon_inode:[eventfd]</c>.</summary>
    public string Name { get; }

    internal override string StreamName => Name;

    /// <summary>Kind and name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{HandleKind} {Name}");

    internal override string HandleText => HandleKind;

    internal override DescriptorHandle? Of(SafeDescriptor copy) => new FileHandle(copy, Input, HandleKind, Name);
}
