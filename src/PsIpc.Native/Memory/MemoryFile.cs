using PsIpc.Native.Interop;

namespace PsIpc.Native.Memory;

/// <summary>Memory that is a file without a name: memfd_create(2).</summary>
internal static class MemoryFile
{
    /// <summary>Makes one; older kernels do not know every flag, and get the second choice.</summary>
    /// <returns>A descriptor, or -1 with errno.</returns>
    internal static unsafe int Create(string label, uint flags, uint olderFlags)
    {
        fixed (byte* name = NativeString.Encode(label))
        {
            int descriptor = Libc.memfd_create(name, flags);
            return descriptor < 0 && Libc.LastErrno == Errno.EINVAL ? Libc.memfd_create(name, olderFlags) : descriptor;
        }
    }
}
