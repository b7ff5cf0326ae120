using System;
using System.IO;
using System.Management.Automation;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PsIpc.Host;

/// <summary>The terminal of the process, wherever its standard streams lead.</summary>
internal sealed class Terminal : IDisposable
{
    private const int LongestLine = 4096;
    private readonly SafeFileHandle _handle;

    private Terminal(SafeFileHandle handle) => _handle = handle;

    private int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>The terminal; null when there is none.</summary>
    internal static Terminal? TryOpen()
    {
        try
        {
            return new Terminal(File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    internal unsafe void Write(string text)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text + "\0"))
        {
            _ = Interop.write(Descriptor, bytes, (nuint)Encoding.UTF8.GetByteCount(text)); // who cannot see it is asked in vain
        }
    }

    /// <summary>A line; null at its end.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl-C came instead.</exception>
    internal unsafe string? ReadLine()
    {
        if (!StopSignals.WaitForInput(Descriptor))
        {
            throw new PipelineStoppedException();
        }

        byte* line = stackalloc byte[LongestLine];
        nint length = Interop.read(Descriptor, line, LongestLine);
        return length > 0 ? Encoding.UTF8.GetString(line, (int)length) : null;
    }

    public void Dispose() => _handle.Dispose();
}
