using System.Text;

namespace PsIpc;

/// <summary>A message from a System V queue; see msgrcv(2).</summary>
public sealed class SysVMessage : IpcMessage
{
    internal SysVMessage(long type, byte[] bytes, Encoding encoding, int queueId)
        : base(bytes, encoding) => (Type, QueueId) = (type, queueId);

    /// <summary>Its type: a positive number that the sender chose.</summary>
    public long Type { get; }

    /// <summary>The id of the queue it came from.</summary>
    public int QueueId { get; }
}
