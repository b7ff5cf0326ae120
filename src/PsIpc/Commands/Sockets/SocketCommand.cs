using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Sockets;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>What the cmdlets of sockets have in common: how a name becomes an address, and an argument a socket.</summary>
internal static class SocketCommand
{
    /// <summary>The address that a user's text means: @name is an abstract one, all else a path. Null with the error that says why it is none.</summary>
    internal static UnixAddress? TryParse(IpcCommand command, string text, out ErrorRecord? error)
    {
        error = null;
        try
        {
            if (text is ['@', ..])
            {
                return text.Length > 1 ? UnixAddress.OfAbstractName(text[1..]) : throw new ArgumentException(text);
            }

            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException(text);
            }

            return UnixAddress.OfPath(command.ResolveNewPath(text));
        }
        catch (ArgumentException)
        {
            error = Failure.Of("SocketNameRefused", ErrorCategory.InvalidArgument, text, ("value", text));
        }
        catch (Exception e) when (e is IContainsErrorRecord && e is not PipelineStoppedException)
        {
            error = ((IContainsErrorRecord)e).ErrorRecord; // no such drive, not a file system
        }

        return null;
    }

    /// <summary>The socket that an argument stands for, by a descriptor of its own.</summary>
    /// <exception cref="IpcException">It is no Unix socket.</exception>
    internal static LocalSocket Adopt(SafeDescriptor descriptor)
    {
        try
        {
            return LocalSocket.Adopt(descriptor);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>What to call a socket in sentences.</summary>
    internal static string NameOf(object? value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        UnixSocketHandle handle => handle.ToString(),
        _ => $"socket {DescriptorSource.NameOf(value)}",
    };
}
