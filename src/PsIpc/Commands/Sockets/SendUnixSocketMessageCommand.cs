using System;
using System.Collections.Generic;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Sockets;
using PsIpc.Native.Waiting;

namespace PsIpc.Commands;

/// <summary>Sends messages, and descriptors with them, through a Unix socket: sendmsg(2).</summary>
[Cmdlet(VerbsCommunications.Send, "UnixSocketMessage", DefaultParameterSetName = AddressSets.Socket)]
public sealed class SendUnixSocketMessageCommand : SendMessageCommand
{
    private LocalSocket? _socket;
    private SafeDescriptor[] _descriptors = [];
    private UnixAddress? _to;
    private string _name = "";
    private object? _address;

    /// <summary>The socket: what Connect-UnixSocket, New-UnixSocketPair and others emit, or the number of a descriptor.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Socket)]
    [ValidateNotNull]
    public object? Socket { get; set; }

    /// <summary>The path of a socket, or @ and its abstract name, that is sent to without a socket of one's own that stays.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.Path)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SocketNameCompleter))]
    public string Path { get; set; } = "";

    /// <summary>How the socket of -Path carries data: Datagram unless said otherwise.</summary>
    [Parameter(ParameterSetName = AddressSets.Path)]
    public UnixSocketType? SocketType { get; set; }

    /// <summary>Whom a datagram goes to, a path or @ and an abstract name: the SenderName of a message answers it.</summary>
    [Parameter(ParameterSetName = AddressSets.Socket)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SocketNameCompleter))]
    public string? To { get; set; }

    /// <summary>
    /// What is handed over with each message: handles of this module, files, pipes and sockets of .NET, numbers of descriptors; 253 at most. A
    /// received message that is sent on takes its handles along unless others are given.
    /// </summary>
    [Parameter]
    [AllowEmptyCollection]
    public object[]? Handle { get; set; }

    private protected override string QueueName => _name;

    private protected override object? QueueAddress => _address;

    private protected override IpcException Full => new("sendmsg", Errno.EAGAIN);

    private protected override long? MaximumLength => _socket?.SendBuffer;

    private protected override void OpenQueue()
    {
        _address = Socket ?? Path;
        _name = Socket is not null ? SocketCommand.NameOf(Socket) : Path;

        // -Handle $nothing is a variable that was mistyped: who expects a descriptor would wait for it for ever.
        bool isNull = Handle is null && MyInvocation.BoundParameters.ContainsKey(nameof(Handle));
        _descriptors = TryCopy(isNull ? [null!] : Handle ?? [], out ErrorRecord? refused) ?? [];
        Require(refused);
        if (To is not null)
        {
            _to = SocketCommand.TryParse(this, To, out refused);
            Require(refused);
        }

        try
        {
            if (ParameterSetName == AddressSets.Path)
            {
                Connect();
            }
            else
            {
                SafeDescriptor? descriptor = TryCopyDescriptor(Socket, out ErrorRecord? error);
                Require(error);
                _socket = SocketCommand.Adopt(descriptor!);
                if (_to is not null && _socket.Type != UnixSocketType.Datagram)
                {
                    throw new IpcException("sendmsg", Errno.EISCONN); // which the kernel says of streams alone: of packets it passes over the address
                }
            }

            _name = _to?.Name ?? _name;
        }
        catch (IpcException e)
        {
            ThrowFailure(e, _address, _name, ("type", SocketType ?? UnixSocketType.Datagram), ("who", ""));
        }
    }

    private protected override WaitStatus Send(MessageBuffer buffer, int length, IpcMessage? forwarded, Deadline deadline)
    {
        SafeDescriptor[] passed = _descriptors;
        bool isForwarding = Handle is null && forwarded is UnixSocketMessage { Handles.Length: > 0 };
        if (isForwarding)
        {
            if (TryCopy(((UnixSocketMessage)forwarded!).Handles, out ErrorRecord? refused) is not { } copies)
            {
                WriteError(refused);
                return WaitStatus.Done; // with this one; the next may be sent
            }

            passed = copies;
        }

        try
        {
            WaitStatus status = _socket!.Send(buffer.Data[..length], passed, _to, Waiter, deadline, out int sent);
            if (status is WaitStatus.Done or WaitStatus.Cancelled || sent == 0)
            {
                return status;
            }

            // What follows would be taken for the rest of it.
            ThrowTerminatingError(Failure.Of(
                "SocketPartlySent", ErrorCategory.OperationStopped, Message, ("target", _name), ("sent", sent), ("length", length)));
            return status;
        }
        finally
        {
            if (isForwarding)
            {
                Array.ForEach(passed, one => one.Dispose());
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket?.Dispose();
            Array.ForEach(_descriptors, one => one.Dispose());
        }

        base.Dispose(disposing);
    }

    private void Connect()
    {
        UnixAddress? address = SocketCommand.TryParse(this, Path, out ErrorRecord? error);
        Require(error);
        _socket = LocalSocket.Create(SocketType ?? UnixSocketType.Datagram);
        switch (_socket.Connect(address!, Waiter, NoWait ? Deadline.NoWait : Timeout is { } time ? Deadline.After(time) : Deadline.Infinite))
        {
            case WaitStatus.Done:
                return;
            case WaitStatus.Cancelled:
                throw new PipelineStoppedException();
            case WaitStatus.WouldBlock:
                throw new IpcException("connect", Errno.EAGAIN);
            default:
                Require(Failure.Timeout("ConnectTimeout", Path, _name, Timeout ?? TimeSpan.Zero));
                return;
        }
    }

    /// <summary>Descriptors of their own of all that is to be handed over; null with the error that says why not.</summary>
    private static SafeDescriptor[]? TryCopy(IReadOnlyList<object> handles, out ErrorRecord? error)
    {
        error = null;
        if (handles.Count > LocalSocket.MaxDescriptors)
        {
            error = Failure.Of(
                "TooManyHandles", ErrorCategory.LimitsExceeded, handles, ("count", handles.Count), ("maximum", LocalSocket.MaxDescriptors));
            return null;
        }

        SafeDescriptor[] copies = new SafeDescriptor[handles.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            if (TryCopyDescriptor(handles[i], out error) is { } copy)
            {
                copies[i] = copy;
                continue;
            }

            Array.ForEach(copies[..i], one => one.Dispose());
            return null;
        }

        return copies;
    }

    private void Require(ErrorRecord? error)
    {
        if (error is not null)
        {
            ThrowTerminatingError(error);
        }
    }
}
