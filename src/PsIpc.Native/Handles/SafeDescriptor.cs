using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Handles;

/// <summary>Owns a file descriptor: it is closed once, whatever happens, also when it is forgotten.</summary>
public sealed class SafeDescriptor : SafeHandle
{
    /// <summary>Takes ownership of a descriptor.</summary>
    /// <param name="descriptor">The number; negative makes an invalid handle.</param>
    public SafeDescriptor(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>Wraps what a call returned, or throws what the call failed with.</summary>
    internal static SafeDescriptor Checked(int result, string call) =>
        result >= 0 ? new SafeDescriptor(result) : throw IpcException.Last(call);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0; // close(2): never again after EINTR, the number is gone
}
