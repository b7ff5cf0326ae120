using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Streams;

/// <summary>
/// Reads a FIFO beyond its writers: when the last has closed it, the next is waited for. Nothing that comes in between is lost, because
/// the FIFO is opened anew before the old opening is closed.
/// </summary>
public sealed class FifoReader : IDisposable
{
    private readonly FifoFile _file;
    private SafeDescriptor _descriptor;

    /// <summary>Opens a FIFO, whether somebody writes or not.</summary>
    /// <param name="file">The FIFO; it stays the caller's.</param>
    /// <exception cref="IpcException">"open(fifo)" EACCES, EMFILE.</exception>
    public FifoReader(FifoFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        _descriptor = file.OpenForNextWriter();
        Stream = new ByteStream(_descriptor);
    }

    /// <summary>What is read at the moment; another one after each <see cref="AwaitWriter"/>.</summary>
    public ByteStream Stream { get; private set; }

    /// <summary>Waits until something can be read, or somebody has come to write and has gone again.</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    public WaitStatus AwaitWriter(Waiter waiter, Deadline deadline) => Stream.WaitReadable(waiter, deadline);

    /// <summary>Goes on to the next writer, when the end was read.</summary>
    /// <exception cref="IpcException">"open(fifo)" EACCES: the mode was changed meanwhile; EMFILE.</exception>
    public void Renew()
    {
        SafeDescriptor next = _file.OpenForNextWriter();
        _descriptor.Dispose();
        _descriptor = next;
        Stream = new ByteStream(next);
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
