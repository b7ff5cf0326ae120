using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Sockets;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Receives messages, and the descriptors that come with them, from Unix sockets: recvmsg(2).</summary>
[Cmdlet(VerbsCommunications.Receive, "UnixSocketMessage")]
[OutputType(typeof(UnixSocketMessage))]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
[OutputType(typeof(PSObject))]
public sealed class ReceiveUnixSocketMessageCommand : ReceiveMessageCommand
{
    private const int StreamPart = 65536; // bytes that are taken from a stream at once
    private LocalSocket? _socket;
    private UnixSocketHandle? _handle;
    private ReceivedMessage _received;
    private IpcHandle[]? _handles;
    private bool _wasKept;
    private object? _target;
    private string _name = "";

    /// <summary>The sockets: what Receive-UnixSocketConnection, Connect-UnixSocket, New-UnixSocketPair and others emit, or numbers of descriptors.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public object[] Socket { get; set; } = [];

    /// <summary>Bytes of data accepted: any number unless said otherwise. A longer message stays where it is and is an error; of a stream no more are taken.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxLength { get; set; }

    /// <summary>Cuts a message longer than -MaxLength; the rest is lost, and FullLength says how long it was.</summary>
    [Parameter]
    public SwitchParameter Truncate { get; set; }

    private protected override string QueueName => _name;

    private protected override long? MaximumLength => MaxLength;

    private protected override string PutBackSentence => "MessageKept";

    private protected override string NoRoomReason => "a socket that is known by its number alone keeps nothing.";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object socket in Socket)
        {
            ReceiveFrom(socket);
        }
    }

    private protected override WaitStatus Receive(MessageBuffer buffer, Deadline deadline, out int length)
    {
        Forget();
        int maximum = MaxLength ?? int.MaxValue;
        _wasKept = _handle?.Returned.TryTake(buffer, maximum, Truncate, out _received) == true;
        WaitStatus status = _wasKept ? WaitStatus.Done : _socket!.Receive(buffer, maximum, Truncate, Waiter, deadline, out _received);
        length = _received.Length;
        if (status != WaitStatus.Done)
        {
            return status;
        }

        if (length > maximum && PutBack(length))
        {
            throw new IpcException("recvmsg(length)", Errno.EMSGSIZE); // another process was quicker; it stays, if not in the socket
        }

        if (_received.IsEnd)
        {
            WriteVerbose($"{_name}: the other side has closed.");
            return WaitStatus.WouldBlock; // there is nothing, and nobody waits for more
        }

        if (_received.LostDescriptors)
        {
            WriteError(Failure.Of("HandlesLost", ErrorCategory.LimitsExceeded, _target, ("target", _name)));
        }

        return status;
    }

    private protected override IpcMessage CreateMessage(int length)
    {
        _handles ??= HandlesOf(_received.Descriptors ?? []);
        return new UnixSocketMessage(Buffer.Data[..length].ToArray(), TextEncoding)
        {
            FullLength = _received.FullLength,
            SenderName = _received.Sender?.Name,
            SenderProcessId = _received.Credentials?.ProcessId,
            SenderUserId = _received.Credentials?.UserId,
            SenderGroupId = _received.Credentials?.GroupId,
            Handles = As is null ? _handles : [],
        };
    }

    /// <summary>A socket takes nothing back, but its handle does: the next who receives by that gets it first.</summary>
    private protected override bool PutBack(int length)
    {
        if (_handle is null)
        {
            return false;
        }

        _handle.Returned.Add(Buffer.Data[..length].ToArray(), _received, isFirst: _wasKept);
        _handles = null; // they are the message's, and go with it
        _received = default;
        return true;
    }

    private void ReceiveFrom(object socket)
    {
        _target = socket;
        _name = SocketCommand.NameOf(socket);
        _handle = (socket is PSObject wrapper ? wrapper.BaseObject : socket) as UnixSocketHandle;
        if (TryCopyDescriptor(socket, out ErrorRecord? error) is not { } descriptor)
        {
            WriteError(error);
            return;
        }

        try
        {
            _socket = SocketCommand.Adopt(descriptor);
            if (_socket.Type == UnixSocketType.Stream)
            {
                Buffer.EnsureCapacity(StreamPart);
            }
        }
        catch (IpcException e)
        {
            WriteFailure(e, socket, _name);
            return;
        }

        try
        {
            ReceiveMessages(socket);
        }
        finally
        {
            Forget();
            _socket.Dispose();
        }
    }

    /// <summary>The handles of a message. What cannot be looked at takes no message with it: the sender chose it.</summary>
    private IpcHandle[] HandlesOf(SafeDescriptor[] descriptors)
    {
        try
        {
            return DescriptorHandles.Of(descriptors);
        }
        catch (IpcException e)
        {
            WriteFailure(e, _target, _name);
            return [];
        }
    }

    /// <summary>Closes the descriptors of the last message unless they went out with it.</summary>
    private void Forget()
    {
        if (_received.Descriptors is { Length: > 0 } descriptors && (_handles is null || As is not null))
        {
            Array.ForEach(descriptors, one => one.Dispose());
        }

        _handles = null;
        _received = default;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket?.Dispose();
        }

        base.Dispose(disposing);
    }
}
