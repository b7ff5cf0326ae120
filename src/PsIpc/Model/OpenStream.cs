using System.Management.Automation;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;

namespace PsIpc;

/// <summary>A descriptor that this module did not open and that was copied: standard input, a file, a terminal.</summary>
public sealed class OpenStream : StreamHandle
{
    private readonly string _name;

    internal OpenStream(SafeDescriptor descriptor, StreamInput? input, string name)
        : base(descriptor, input) => _name = name;

    /// <inheritdoc/>
    [Hidden]
    public override string Name => _name;

    /// <inheritdoc/>
    internal override DescriptorHandle? Of(SafeDescriptor copy) => new OpenStream(copy, Input, _name);
}
