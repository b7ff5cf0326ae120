using System;
using System.Buffers.Binary;
using PsIpc.Native.Posix;
using PsIpc.Native.SysV;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Tests.Support;

/// <summary>A System V queue that goes with the test.</summary>
internal sealed class TemporarySysVQueue : IDisposable
{
    private readonly Waiter _waiter = new();

    internal TemporarySysVQueue(int? key = null, int mode = 0x180)
    {
        Queue = key is { } given ? SysVMessageQueue.Create(given, mode) : SysVMessageQueue.CreatePrivate(mode);
        Scratch.SysVIds.Add(Queue.Id);
    }

    internal SysVMessageQueue Queue { get; }

    internal SysVMessageQueueStatus Status => Queue.TryGetStatus() ?? throw new InvalidOperationException("The queue is gone.");

    /// <summary>Sends without waiting.</summary>
    internal WaitStatus Send(long type, ReadOnlySpan<byte> data)
    {
        MessageBuffer buffer = new(data.Length) { Type = type };
        data.CopyTo(buffer.Data);
        return Queue.Send(buffer, data.Length, _waiter, Deadline.NoWait);
    }

    /// <summary>Receives without waiting; null when there is nothing.</summary>
    internal (long Type, byte[] Data)? Receive(long type = 0, SysVReceiveOptions options = SysVReceiveOptions.None, int maxLength = int.MaxValue, int capacity = 64)
    {
        MessageBuffer buffer = new(capacity);
        WaitStatus status = Queue.Receive(buffer, maxLength, type, options, _waiter, Deadline.NoWait, out int length);
        return status == WaitStatus.Done ? (buffer.Type, buffer.Data[..length].ToArray()) : null;
    }

    public void Dispose()
    {
        try
        {
            Queue.Remove();
        }
        catch (IpcException e) when (e.Errno is Errno.EINVAL or Errno.EIDRM)
        {
            // The test removed it.
        }

        _waiter.Dispose();
    }
}

/// <summary>A POSIX queue that goes with the test.</summary>
internal sealed class TemporaryPosixQueue : IDisposable
{
    private readonly Waiter _waiter = new();

    internal TemporaryPosixQueue(long? maxMessages = null, long? maxMessageSize = null, int mode = 0x180, string? name = null)
    {
        Name = name ?? Scratch.PosixName();
        Queue = PosixMessageQueue.Create(Name, maxMessages, maxMessageSize, mode);
        Size = (int)Queue.MaxMessageSize;
    }

    internal string Name { get; }

    internal PosixMessageQueue Queue { get; }

    internal int Size { get; }

    internal PosixMessageQueueStatus Status => Queue.GetStatus(Name);

    /// <summary>Sends without waiting.</summary>
    internal WaitStatus Send(int priority, ReadOnlySpan<byte> data) => Queue.Send(data, priority, _waiter, Deadline.NoWait);

    /// <summary>Receives without waiting; null when there is nothing.</summary>
    internal (int Priority, byte[] Data)? Receive()
    {
        byte[] buffer = new byte[Size];
        return Queue.Receive(buffer, _waiter, Deadline.NoWait, out int length, out int priority) == WaitStatus.Done
            ? (priority, buffer[..length])
            : null;
    }

    public void Dispose()
    {
        Queue.Dispose();
        try
        {
            PosixMessageQueue.Unlink(Name);
        }
        catch (IpcException e) when (e.Errno == Errno.ENOENT)
        {
            // The test removed it.
        }

        _waiter.Dispose();
    }
}

/// <summary>Numbered messages.</summary>
internal static class Numbered
{
    internal const int Length = sizeof(int);

    internal static byte[] Message(int number)
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    internal static int Of(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt32LittleEndian(message);
}
