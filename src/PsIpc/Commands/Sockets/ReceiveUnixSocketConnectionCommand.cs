using System;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Sockets;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Accepts connections: accept(2).</summary>
[Cmdlet(VerbsCommunications.Receive, "UnixSocketConnection")]
[OutputType(typeof(UnixSocketHandle))]
public sealed class ReceiveUnixSocketConnectionCommand : IpcCommand
{
    private Deadline _deadline;

    /// <summary>The listeners: what New-UnixSocketListener emits, or numbers of descriptors, as systemd hands them over from 3 on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public object[] Listener { get; set; } = [];

    /// <summary>How many connections to wait for; 1 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>Takes all connections that wait already, and never waits for more.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Goes on accepting until it is stopped.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>Never waits: when nobody has connected, nothing comes out.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long to wait in all: seconds, '250ms', '5m', '1h', '2d' or a TimeSpan. Then the error ConnectionTimeout.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(All), nameof(Count));
        RefuseTogether(nameof(All), nameof(Continuous));
        RefuseTogether(nameof(All), nameof(Timeout));
        RefuseTogether(nameof(Continuous), nameof(Count));
        RefuseTogether(nameof(Continuous), nameof(NoWait));
        RefuseTogether(nameof(NoWait), nameof(Timeout));
        _deadline = All || NoWait ? Deadline.NoWait : Timeout is { } time ? Deadline.After(time) : Deadline.Infinite;
    }

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
        switch (listener.Accept(Waiter, _deadline, out LocalSocket? connection))
        {
            case WaitStatus.Done:
                Deliver(connection!);
                return true;
            case WaitStatus.Cancelled:
                throw new PipelineStoppedException();
            case WaitStatus.TimedOut:
                WriteError(Failure.Timeout("ConnectionTimeout", given, name, Timeout ?? TimeSpan.Zero));
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
