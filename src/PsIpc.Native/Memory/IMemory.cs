using System;

namespace PsIpc.Native.Memory;

/// <summary>Bytes that several processes share, and that may become fewer while they are used.</summary>
public interface IMemory
{
    /// <summary>Bytes there are now.</summary>
    /// <exception cref="IpcException">That cannot be seen.</exception>
    long Length { get; }

    /// <summary>Reads bytes.</summary>
    /// <param name="bytes">Where to put them.</param>
    /// <param name="offset">Where to begin.</param>
    /// <exception cref="IpcException">EFAULT (the call is "memory"): there are not as many bytes, or no more; ENOSPC: a page of sparse memory cannot be had; EIO: a file's disk failed.</exception>
    void Read(Span<byte> bytes, long offset);

    /// <summary>Writes bytes. Memory is never made longer by that; where there is not enough, nothing, or only a part, is written.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">Where to begin.</param>
    /// <exception cref="IpcException">EFAULT (the call is "memory"): there is not as much memory, or no more; ENOSPC: a page of sparse memory cannot be had; EPERM: it is sealed; EINVAL ("pwrite(O_APPEND)"): it is open to append; EFBIG: this process may write to no file that far.</exception>
    void Write(ReadOnlySpan<byte> bytes, long offset);
}
