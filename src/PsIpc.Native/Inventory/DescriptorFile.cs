using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>What a descriptor of this process has open.</summary>
public readonly record struct DescriptorFile
{
    private const string PipeLink = "pipe:[";

    private DescriptorFile(in FileStatus status, string? link)
    {
        Inode = status.Inode;
        Device = status.Device;
        Link = link;
        IsFifo = status.Type == Libc.S_IFIFO;
        IsPipe = IsFifo && link is not null && link.StartsWith(PipeLink, System.StringComparison.Ordinal);
    }

    /// <summary>The inode.</summary>
    public ulong Inode { get; }

    /// <summary>The device: the upper half the major number, the lower the minor.</summary>
    public ulong Device { get; }

    /// <summary>Whether it is a pipe, with a name or without.</summary>
    public bool IsFifo { get; }

    /// <summary>Whether it is a pipe without a name.</summary>
    public bool IsPipe { get; }

    /// <summary>Its path, or what /proc calls it where it has none; null where /proc is out of reach.</summary>
    public string? Link { get; }

    /// <summary>Asks the kernel.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <exception cref="IpcException">statx: it is none.</exception>
    public static DescriptorFile Of(SafeDescriptor descriptor)
    {
        System.ArgumentNullException.ThrowIfNull(descriptor);
        FileStatus status = FileStatus.Of(descriptor);
        using DescriptorLease lease = new(descriptor);
        return new DescriptorFile(status, ReadLink($"/proc/self/fd/{lease.Value}"));
    }

    private static unsafe string? ReadLink(string path)
    {
        const int longest = 4096;
        byte* buffer = stackalloc byte[longest];
        fixed (byte* name = NativeString.Encode(path))
        {
            nint length = Libc.readlink(name, buffer, longest);
            return length < 0 ? null : NativeString.Decode(new System.ReadOnlySpan<byte>(buffer, (int)length));
        }
    }
}
