using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Sockets;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Accepts connections: accept(2).</summary>
[Cmdlet(VerbsCommunications.Receive, "UnixSocketConnection")]
[OutputType(typeof(UnixSocketHandle))]
public sealed class ReceiveUnixSocketConnectionCommand : ReceivingCommand
{
    /// <summary>The listeners: what New-UnixSocketListener emits, or numbers of descriptors, as systemd hands them over from 3 on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public object[] Listener { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object listener in Listener)
        {
            AcceptFrom(listener);
        }
    }

    private void AcceptFrom(object given)
    {
        if (TryCopyDescriptor(given, out ErrorRecord? error) is not { } descriptor)
        {
            WriteError(error);
            return;
        }

        string name = SocketCommand.NameOf(given);
        try
        {
            using LocalSocket listener = SocketCommand.Adopt(descriptor);
            if (!listener.IsListening)
            {
                throw new IpcException("accept", Errno.EINVAL); // which the kernel only says when it is called
            }

            for (int left = All || Continuous ? int.MaxValue : Count ?? 1; left > 0; left -= Continuous || All ? 0 : 1)
            {
                if (!TryAccept(listener, given, name))
                {
                    return;
                }
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, given, name);
        }
    }

    private bool TryAccept(LocalSocket listener, object given, string name)
    {
        switch (listener.Accept(Waiter, LastDeadline, out LocalSocket? connection))
        {
            case WaitStatus.Done:
                Deliver(connection!);
                return true;
            case WaitStatus.Cancelled:
                throw new PipelineStoppedException();
            case WaitStatus.TimedOut:
                WriteError(Failure.Timeout("ConnectionTimeout", given, name, TimeWaited));
                return false;
            default:
                return false;
        }
    }

    /// <summary>Emits a connection. One that nobody gets is closed, so that whoever connected does not wait for an answer.</summary>
    private void Deliver(LocalSocket connection)
    {
        try
        {
            if (Waiter.IsCancelled)
            {
                throw new PipelineStoppedException();
            }

            WriteObject(SocketHandles.Of(connection));
        }
        catch (PipelineStoppedException)
        {
            connection.Dispose();
            throw;
        }
    }
}
