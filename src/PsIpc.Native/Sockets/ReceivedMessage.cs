using PsIpc.Native.Handles;

namespace PsIpc.Native.Sockets;

/// <summary>What came with a message from a socket; its data lies in the buffer.</summary>
public readonly record struct ReceivedMessage
{
    /// <summary>Whether there is no message: the other side has closed, and nothing will come any more.</summary>
    public bool IsEnd { get; init; }

    /// <summary>Whether it is no message, but a part of a stream.</summary>
    public bool IsOfStream { get; init; }

    /// <summary>Bytes of data in the buffer.</summary>
    public int Length { get; init; }

    /// <summary>Bytes that were sent; more than <see cref="Length"/> where it was cut.</summary>
    public int FullLength { get; init; }

    /// <summary>The descriptors that came with it, closed on exec; whoever received owns them.</summary>
    public SafeDescriptor[] Descriptors { get; init; }

    /// <summary>Whether descriptors came that this process has no room for (RLIMIT_NOFILE); those that did fit are closed.</summary>
    public bool LostDescriptors { get; init; }

    /// <summary>What the sender is bound to; null of one without name, and of one that is connected.</summary>
    public UnixAddress? Sender { get; init; }

    /// <summary>Who sent it; null where the socket does not pass credentials.</summary>
    public SocketCredentials? Credentials { get; init; }
}
