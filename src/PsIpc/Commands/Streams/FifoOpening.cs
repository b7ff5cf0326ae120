using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Finds and opens the FIFO of a path or a record: what Open-Fifo, Read-Fifo and Write-Fifo have in common.</summary>
internal static class FifoOpening
{
    /// <summary>The FIFO of a path, not opened yet.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="path">What the user gave, or null.</param>
    /// <param name="record">A record of one, or null.</param>
    /// <param name="file">Its full path.</param>
    /// <exception cref="IpcException">"open(fifo)": there is none, or something else.</exception>
    /// <exception cref="ForeignObjectException">The record is of another machine, boot or namespace.</exception>
    internal static FifoFile Find(IpcCommand command, string? path, Fifo? record, out string file)
    {
        file = record?.Path ?? command.ResolveNewPath(path!);
        if (record is not null)
        {
            Provenance.Check(record);
        }

        FifoFile found = FifoFile.Find(file);
        if (record is not null && found.Identity != (record.Device, record.Inode))
        {
            found.Dispose();
            throw new IpcException("open(fifo)", Errno.ESTALE);
        }

        return found;
    }

    /// <summary>Waits for the other side.</summary>
    /// <param name="fifo">The FIFO.</param>
    /// <param name="file">Its path.</param>
    /// <param name="access">Which way.</param>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="timeout">The same as the user gave it, for the error.</param>
    /// <param name="error">Why there is none; null where there is an opening.</param>
    internal static SafeDescriptor? Open(
        FifoFile fifo, string file, StreamAccess access, Waiter waiter, Deadline deadline, System.TimeSpan? timeout, out ErrorRecord? error)
    {
        error = null;
        switch (fifo.Open(access, waiter, deadline, out SafeDescriptor? descriptor))
        {
            case WaitStatus.Done when waiter.IsCancelled:
                descriptor!.Dispose();
                throw new PipelineStoppedException();
            case WaitStatus.Done:
                return descriptor;
            case WaitStatus.Cancelled:
                throw new PipelineStoppedException();
            default:
                error = Failure.Timeout("FifoTimeout", file, file, timeout ?? default, ("side", access == StreamAccess.Read ? "writing" : "reading"));
                return null;
        }
    }
}
