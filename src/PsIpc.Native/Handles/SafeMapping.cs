using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Handles;

/// <summary>Owns a mapping into memory: of a file, mmap(2), or of a System V segment, shmat(2).</summary>
internal sealed class SafeMapping : SafeHandle
{
    private readonly nuint _length;
    private readonly bool _isSegment;

    private SafeMapping(nint address, nuint length, bool isSegment = false)
        : base(-1, ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
        _isSegment = isSegment;
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

    /// <summary>Maps a part of a file.</summary>
    /// <param name="file">The file, open as the protection needs it.</param>
    /// <param name="offset">Where it begins in the file: a multiple of the page's size.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="protection">PROT_READ, PROT_WRITE.</param>
    /// <param name="flags">MAP_SHARED or MAP_PRIVATE.</param>
    internal static SafeMapping Map(SafeDescriptor file, long offset, nuint length, int protection, int flags)
    {
        SafeMapping mapping = new(Libc.mmap(0, length, protection, flags, file, offset), length);
        return mapping.IsInvalid ? throw IpcException.Last("mmap") : mapping;
    }

    /// <summary>Attaches a System V segment.</summary>
    internal static unsafe SafeMapping Attach(int segment, bool readOnly)
    {
        SafeMapping mapping = new((nint)Libc.shmat(segment, null, readOnly ? Libc.SHM_RDONLY : 0), 0, isSegment: true);
        return mapping.IsInvalid ? throw IpcException.Last("shmat") : mapping;
    }

    protected override unsafe bool ReleaseHandle() => (_isSegment ? Libc.shmdt((byte*)handle) : Libc.munmap(handle, _length)) == 0;
}
