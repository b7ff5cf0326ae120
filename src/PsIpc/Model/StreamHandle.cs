using PsIpc.Native.Handles;
using PsIpc.Native.Streams;

namespace PsIpc;

/// <summary>
/// A handle through which bytes flow: one end of a pipe, an open FIFO, a connected stream socket. What was read too much by one command is
/// kept here for the next.
/// </summary>
public abstract class StreamHandle : DescriptorHandle, Columns.IStreamHandle
{
    private protected StreamHandle(SafeDescriptor descriptor, StreamInput? input)
        : base(descriptor)
    {
        Stream = new ByteStream(descriptor);
        Input = input ?? new StreamInput();
    }

    /// <summary>Which way bytes go through it: Read, Write or ReadWrite; None of what was opened by O_PATH.</summary>
    public string Access => Stream switch
    {
        { CanRead: true, CanWrite: true } => nameof(StreamAccess.ReadWrite),
        { CanWrite: true } => nameof(StreamAccess.Write),
        { CanRead: true } => nameof(StreamAccess.Read),
        _ => "None",
    };

    /// <summary>Bytes that it holds before who writes has to wait; null of what is no pipe or FIFO, and once it is closed.</summary>
    public int? Capacity => IsClosed ? null : PipePair.GetCapacity(Owned);

    string Columns.IStreamHandle.StreamName => StreamName;

    /// <summary>What it is, for tables and sentences.</summary>
    internal abstract string StreamName { get; }

    internal override string StateText => IsClosed ? "Closed" : Access;

    internal override string SizeText => HumanSize.Format(Capacity);

    internal override string NameText => Visible.Of(StreamName);

    /// <summary>Reads and writes it.</summary>
    internal ByteStream Stream { get; }

    /// <summary>What was read and not taken; copies of a handle share it, as they share what is in the pipe.</summary>
    internal StreamInput Input { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{StreamName} ({Access}{(IsClosed ? ", closed" : "")})";
}
