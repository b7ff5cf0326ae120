using System;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Handles;

/// <summary>Files without a name, in memory: memfd_create(2).</summary>
internal static class MemoryFile
{
    /// <summary>Makes one that cannot be executed; closed when a program is executed.</summary>
    /// <param name="label">What /proc shows.</param>
    /// <param name="flags">Further MFD_ flags.</param>
    /// <param name="call">What to call it in the error.</param>
    /// <exception cref="IpcException">The call: EMFILE, ENFILE, ENOMEM, EINVAL.</exception>
    internal static SafeDescriptor Create(string label, uint flags, string call = "memfd_create") => Create(label, flags, Libc.MFD_NOEXEC_SEAL, call);

    /// <summary>
    /// Puts machine code into memory that can be executed. It is written to a file, which is sealed against every change before it is
    /// mapped: nothing that can be executed could be written, at no time. It stays as long as the process.
    /// </summary>
    /// <returns>Its address.</returns>
    /// <exception cref="IpcException">"memfd_create(MFD_EXEC)" or "mmap(PROT_EXEC)": the system lets no memory be executed; "write(RLIMIT_FSIZE)" EFBIG: nor a file be written.</exception>
    internal static unsafe nint PlaceCode(string label, ReadOnlySpan<byte> code)
    {
        using SafeDescriptor file = Create(label, Libc.MFD_ALLOW_SEALING, Libc.MFD_EXEC, "memfd_create(MFD_EXEC)");
        FileSizeLimit.Check(code.Length, "write(RLIMIT_FSIZE)");
        fixed (byte* bytes = code)
        {
            if (Libc.write(file, bytes, (nuint)code.Length) != code.Length)
            {
                throw IpcException.Last("write(memfd)");
            }
        }

        const int seals = Libc.F_SEAL_SEAL | Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_WRITE;
        _ = IpcException.Check(Libc.fcntl(file, Libc.F_ADD_SEALS, seals), "fcntl(F_ADD_SEALS)");
        nint address = Libc.mmap(0, (nuint)code.Length, Libc.PROT_READ | Libc.PROT_EXEC, Libc.MAP_PRIVATE, file, 0);
        return address != -1 ? address : throw IpcException.Last("mmap(PROT_EXEC)");
    }

    private static unsafe SafeDescriptor Create(string label, uint flags, uint executability, string call)
    {
        flags |= Libc.MFD_CLOEXEC;
        fixed (byte* name = NativeString.Encode(label))
        {
            int descriptor = Libc.memfd_create(name, flags | executability);
            if (descriptor < 0 && Libc.LastErrno == Errno.EINVAL)
            {
                descriptor = Libc.memfd_create(name, flags); // kernels before 6.3 know neither, and all theirs are executable
            }

            return SafeDescriptor.Checked(descriptor, call);
        }
    }
}
