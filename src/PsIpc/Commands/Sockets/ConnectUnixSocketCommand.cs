using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Sockets;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Connects to a listener, or to a socket that receives datagrams: connect(2).</summary>
[Cmdlet(VerbsCommunications.Connect, "UnixSocket")]
[OutputType(typeof(UnixSocketHandle))]
public sealed class ConnectUnixSocketCommand : WaitingCommand
{
    /// <summary>The path of the listener's file, or @ and its abstract name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SocketNameCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>How it carries data, as the listener does: Stream unless said otherwise.</summary>
    [Parameter]
    public UnixSocketType? SocketType { get; set; }

    /// <summary>What the own side is bound to, a path or @ and an abstract name. A socket for datagrams gets a name in any case, so that it can be answered.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LocalPath { get; set; }

    /// <summary>Lets messages come with the credentials of who sent them.</summary>
    [Parameter]
    public SwitchParameter PassCredential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (SocketCommand.TryParse(this, path, out ErrorRecord? error) is { } address && TryParseOwn(out UnixAddress? own, out error))
            {
                Connect(address, own, path);
            }
            else
            {
                WriteError(error);
            }
        }
    }

    private bool TryParseOwn(out UnixAddress? own, out ErrorRecord? error)
    {
        error = null;
        own = LocalPath is null ? null : SocketCommand.TryParse(this, LocalPath, out error);
        return error is null;
    }

    private void Connect(UnixAddress address, UnixAddress? own, string path)
    {
        LocalSocket? socket = null;
        SocketFile? file = null;
        bool isKept = false;
        string name = address.Name;
        try
        {
            socket = LocalSocket.Create(SocketType ?? UnixSocketType.Stream);
            socket.PassesCredentials = PassCredential;
            if (own is not null)
            {
                name = own.Name;
                file = SocketFile.Bind(socket, own, replaceStale: false);
                name = address.Name;
            }
            else if (socket.Type == UnixSocketType.Datagram)
            {
                socket.BindToAnyName();
            }

            switch (socket.Connect(address, Waiter, NextDeadline))
            {
                case WaitStatus.Done:
                    UnixSocketHandle handle = SocketHandles.Of(socket);
                    if (own is not null)
                    {
                        SocketHold.Keep(handle, file);
                    }

                    isKept = true;
                    WriteVerbose($"{handle}: connected to {name}.");
                    WriteObject(handle);
                    return;
                case WaitStatus.Cancelled:
                    throw new PipelineStoppedException();
                case WaitStatus.WouldBlock:
                    WriteFailure(new IpcException("connect", Errno.EAGAIN), path, name);
                    return;
                default:
                    WriteError(Failure.Timeout("ConnectTimeout", path, name, TimeWaited));
                    return;
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, path, name, ("type", SocketType ?? UnixSocketType.Stream), ("who", ""));
        }
        finally
        {
            if (!isKept && socket is not null)
            {
                _ = file?.Close(socket.Descriptor);
                socket.Dispose();
            }
        }
    }
}
