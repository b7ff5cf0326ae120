using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>What a descriptor of this process has open.</summary>
/// <param name="Type">What it is, among those that processes meet by.</param>
/// <param name="Inode">Its inode.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Link">What /proc calls it: a path, <c>pipe:[inode]</c>, <c>/memfd:name (deleted)</c>, <c>anon_inode:[eventfd]</c>; null where /proc is missing.</param>
public readonly record struct DescriptorStatus(FileObjectType Type, ulong Inode, bool IsDirectory, string? Link)
{
    private const int LinkCapacity = 4096;

    /// <summary>Looks at a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <exception cref="IpcException">EBADF: it is not open.</exception>
    public static DescriptorStatus Of(SafeDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        FileStatus status = FileStatus.Of(descriptor);
        return new DescriptorStatus(FileObject.TypeOf(status), status.Inode, status.Type == Libc.S_IFDIR, LinkOf(descriptor));
    }

    private static unsafe string? LinkOf(SafeDescriptor descriptor)
    {
        using DescriptorLease lease = new(descriptor);
        byte[] target = new byte[LinkCapacity];
        fixed (byte* path = NativeString.Encode($"/proc/self/fd/{lease.Value}"), buffer = target)
        {
            nint length = Libc.readlink(path, buffer, LinkCapacity);
            return length < 0 ? null : NativeString.Decode(target.AsSpan(0, (int)length));
        }
    }
}
