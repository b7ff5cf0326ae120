using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Signals;

/// <summary>Files without a name, in memory: memfd_create(2).</summary>
internal static class MemoryFile
{
    /// <summary>Makes one that can be sealed.</summary>
    /// <param name="name">What /proc shows.</param>
    /// <param name="isExecutable">Whether it may be mapped for execution.</param>
    /// <exception cref="IpcException">"memfd_create(MFD_EXEC)" EACCES: vm.memfd_noexec is 2; "memfd_create" EMFILE, ENFILE, ENOMEM.</exception>
    internal static unsafe SafeDescriptor Create(string name, bool isExecutable)
    {
        const uint flags = Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING;
        fixed (byte* text = NativeString.Encode(name))
        {
            int descriptor = Libc.memfd_create(text, flags | (isExecutable ? Libc.MFD_EXEC : Libc.MFD_NOEXEC_SEAL));
            if (descriptor < 0 && Libc.LastErrno == Errno.EINVAL)
            {
                descriptor = Libc.memfd_create(text, flags); // kernels before 6.3 know neither, and all theirs are executable
            }

            return SafeDescriptor.Checked(descriptor, isExecutable ? "memfd_create(MFD_EXEC)" : "memfd_create");
        }
    }
}
