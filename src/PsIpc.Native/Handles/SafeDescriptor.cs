using System;
using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Handles;

/// <summary>Owns a file descriptor: it is closed once, whatever happens, also when it is forgotten.</summary>
public sealed class SafeDescriptor : SafeHandle
{
    // 0, 1 and 2 are what programs take for their input and output: a copy must not become one of them where one is closed.
    private const int FirstCopy = 3;

    /// <summary>Takes ownership of a descriptor.</summary>
    /// <param name="descriptor">The number; negative makes an invalid handle.</param>
    public SafeDescriptor(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>Its number in this process; null once it is closed.</summary>
    public int? Number => IsClosed || IsInvalid ? null : (int)handle;

    /// <summary>A second descriptor of what this one has open, closed when a program is executed: fcntl_dupfd(2). Both share offset and status flags.</summary>
    /// <exception cref="IpcException">fcntl(F_DUPFD_CLOEXEC): EMFILE.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public SafeDescriptor Duplicate() => DuplicateOf(this);

    /// <summary>A second descriptor of what a number has open in this process: fcntl_dupfd(2).</summary>
    /// <exception cref="IpcException">fcntl(F_DUPFD_CLOEXEC): EBADF for a number that is not open, EMFILE.</exception>
    public static SafeDescriptor DuplicateOf(int number) =>
        Checked(Libc.fcntl(number, Libc.F_DUPFD_CLOEXEC, FirstCopy), "fcntl(F_DUPFD_CLOEXEC)");

    /// <summary>A second descriptor of what a handle has open: one of a file, a pipe or a socket of .NET.</summary>
    /// <exception cref="IpcException">fcntl(F_DUPFD_CLOEXEC): EBADF for a handle of something else, EMFILE.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public static SafeDescriptor DuplicateOf(SafeHandle source)
    {
        bool added = false;
        try
        {
            source.DangerousAddRef(ref added);
            return DuplicateOf((int)source.DangerousGetHandle());
        }
        finally
        {
            if (added)
            {
                source.DangerousRelease();
            }
        }
    }

    /// <summary>Wraps what a call returned, or throws what the call failed with.</summary>
    internal static SafeDescriptor Checked(int result, string call) =>
        result >= 0 ? new SafeDescriptor(result) : throw IpcException.Last(call);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0; // close(2): never again after EINTR, the number is gone
}
