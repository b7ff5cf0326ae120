using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Handles;

/// <summary>Owns a mapping of a file into memory: mmap(2).</summary>
internal sealed class SafeMapping : SafeHandle
{
    private readonly nuint _length;

    private SafeMapping(nint address, nuint length)
        : base(-1, ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>Where it begins; good as long as the handle is held.</summary>
    internal unsafe void* Address => (void*)handle;

    /// <summary>Maps the beginning of a file, shared with all who map it, for reading and writing.</summary>
    internal static SafeMapping Map(SafeDescriptor file, int length)
    {
        SafeMapping mapping = new(Libc.mmap(0, (nuint)length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, file, 0), (nuint)length);
        return mapping.IsInvalid ? throw IpcException.Last("mmap") : mapping;
    }

    protected override bool ReleaseHandle() => Libc.munmap(handle, _length) == 0;
}
