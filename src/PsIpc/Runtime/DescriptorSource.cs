using System;
using System.Globalization;
using System.IO;
using System.IO.Pipes;
using System.Management.Automation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PsIpc.Native;
using PsIpc.Native.Handles;

namespace PsIpc.Runtime;

/// <summary>Makes descriptors of what users give for one: a handle of this module, a file, pipe or socket of .NET, or a number.</summary>
internal static class DescriptorSource
{

    /// <summary>
    /// A descriptor of its own of what the value has open, so that nobody who closes the value in the meantime closes it, too.
    /// </summary>
    /// <exception cref="IpcException">fcntl(F_DUPFD_CLOEXEC): the number is not open, or the process has as many as it may have.</exception>
    /// <exception cref="HandleRefusedException">The value is closed, or nothing that has a descriptor.</exception>
    internal static SafeDescriptor Copy(object? value)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        try
        {
            return bare switch
            {
                DescriptorHandle { IsClosed: true } => throw new HandleRefusedException("HandleClosed"),
                DescriptorHandle handle => handle.Owned.Duplicate(),
                OpenPipe => throw new HandleRefusedException("PipeEndNeeded"),
                int or long or short or byte or uint or ushort or sbyte or ulong => SafeDescriptor.DuplicateOf(Number(bare)),
                FileStream file => SafeDescriptor.DuplicateOf(Flushed(file).SafeFileHandle),
                PipeStream pipe => SafeDescriptor.DuplicateOf(pipe.SafePipeHandle),
                Socket socket => SafeDescriptor.DuplicateOf(socket.SafeHandle),
                NetworkStream stream => SafeDescriptor.DuplicateOf(stream.Socket.SafeHandle),
                SafeHandle handle => SafeDescriptor.DuplicateOf(handle),
                _ => throw new HandleRefusedException(IsPicture(value) ? "HandleForeign" : "HandleUnknown"),
            };
        }
        catch (ObjectDisposedException)
        {
            throw new HandleRefusedException("HandleClosed");
        }
    }

    /// <summary>What to call it in a sentence.</summary>
    internal static string NameOf(object? value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        null => "$null",
        FileStream file => $"'{file.Name}'",
        PSCustomObject => $"'{value}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => $"'{other}'",
    };

    /// <summary>Numbers that no descriptor can have become one that none has.</summary>
    private static int Number(object number)
    {
        decimal value = Convert.ToDecimal(number, CultureInfo.InvariantCulture);
        return value is >= 0 and <= int.MaxValue ? (int)value : -1;
    }

    /// <summary>What .NET still keeps for the file would come after what the new owner of the descriptor writes.</summary>
    private static FileStream Flushed(FileStream file)
    {
        if (file.CanWrite)
        {
            file.Flush();
        }

        return file;
    }

    /// <summary>Whether it is what became of a handle on its way from another process or runspace.</summary>
    internal static bool IsPicture(object? value) => DeserializedType.Of(value)?.StartsWith("PsIpc.", StringComparison.Ordinal) == true;
}
