using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Native;
using PsIpc.Native.Sockets;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Makes a socket that others find by its name: bind(2), listen(2).</summary>
[Cmdlet(VerbsCommon.New, "UnixSocketListener", SupportsShouldProcess = true)]
[OutputType(typeof(UnixSocketHandle))]
public sealed class NewUnixSocketListenerCommand : IpcCommand
{
    private const int DefaultBacklog = 4096; // SOMAXCONN of the C library

    /// <summary>The path of its file, or @ and an abstract name. A file whose name begins with @ is ./@name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>How it carries data: Stream unless said otherwise. Datagrams need no connections: it receives them itself.</summary>
    [Parameter]
    public UnixSocketType? SocketType { get; set; }

    /// <summary>The permissions of its file, exactly; w is what connecting and sending takes. 0600 unless said otherwise.</summary>
    [Parameter]
    [PermissionModeTransformation]
    [ArgumentCompleter(typeof(ModeCompleter))]
    public PermissionMode? Mode { get; set; }

    /// <summary>How many connections may wait to be accepted; the kernel takes net.core.somaxconn at most.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Backlog { get; set; }

    /// <summary>Replaces the file of a socket that is gone. Nothing else is ever replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (SocketCommand.TryParse(this, path, out ErrorRecord? error) is not { } address)
            {
                WriteError(error);
            }
            else if (ShouldProcess(address.Name, "Create"))
            {
                Create(address, path);
            }
        }
    }

    private void Create(UnixAddress address, string path)
    {
        UnixSocketType type = SocketType ?? UnixSocketType.Stream;
        LocalSocket? socket = null;
        SocketFile? file = null;
        bool isKept = false;
        try
        {
            socket = LocalSocket.Create(type);
            file = SocketFile.Bind(socket, address, Force);
            if (type == UnixSocketType.Datagram)
            {
                socket.PassesCredentials = true; // there is no connection that would say who sends
            }
            else
            {
                socket.Listen(Backlog ?? DefaultBacklog);
            }

            file?.SetMode((Mode ?? PermissionMode.OwnerOnly).Bits);
            UnixSocketHandle handle = SocketHandles.Of(socket);
            SocketHold.Keep(handle, file);
            isKept = true;
            WriteVerbose($"{handle}: {handle.State}.");
            WriteObject(handle);
        }
        catch (IpcException e)
        {
            WriteFailure(e, path, address.Name);
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
