using PsIpc.Native.Handles;
using PsIpc.Native.Streams;

namespace PsIpc;

/// <summary>A FIFO that Open-Fifo opened; see fifo(7).</summary>
public sealed class OpenFifo : StreamHandle
{
    internal OpenFifo(SafeDescriptor descriptor, StreamInput? input, string path)
        : base(descriptor, input) => Path = path;

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    internal override string StreamName => Path;

    internal override string HandleText => "Fifo";

    internal override DescriptorHandle? Of(SafeDescriptor copy) => new OpenFifo(copy, Input, Path);
}
