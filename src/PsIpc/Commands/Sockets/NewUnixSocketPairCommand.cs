using System.Management.Automation;
using PsIpc.Native;
using PsIpc.Native.Sockets;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Makes two sockets that are connected to each other: socketpair(2).</summary>
[Cmdlet(VerbsCommon.New, "UnixSocketPair", SupportsShouldProcess = true)]
[OutputType(typeof(UnixSocketHandle))]
public sealed class NewUnixSocketPairCommand : IpcCommand
{
    /// <summary>How they carry data: Stream unless said otherwise.</summary>
    [Parameter]
    public UnixSocketType? SocketType { get; set; }

    /// <summary>Lets messages come with the credentials of who sent them.</summary>
    [Parameter]
    public SwitchParameter PassCredential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        UnixSocketType type = SocketType ?? UnixSocketType.Stream;
        if (!ShouldProcess($"pair of {type} sockets", "Create"))
        {
            return;
        }

        try
        {
            (LocalSocket first, LocalSocket second) = LocalSocket.CreatePair(type);
            if (PassCredential)
            {
                first.PassesCredentials = true;
                second.PassesCredentials = true;
            }

            WriteObject(SocketHandles.Of(first));
            WriteObject(SocketHandles.Of(second));
        }
        catch (IpcException e)
        {
            WriteFailure(e, null, "pair of sockets");
        }
    }
}
