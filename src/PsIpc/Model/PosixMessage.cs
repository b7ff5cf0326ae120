using System.Text;

namespace PsIpc;

/// <summary>A message from a POSIX queue; see mq_receive(3).</summary>
public sealed class PosixMessage : IpcMessage
{
    internal PosixMessage(int priority, byte[] bytes, Encoding encoding, string queueName)
        : base(bytes, encoding) => (Priority, QueueName) = (priority, queueName);

    /// <summary>Its priority: 0 (lowest) to 32767.</summary>
    public int Priority { get; }

    /// <summary>The name of the queue it came from.</summary>
    public string QueueName { get; }
}
