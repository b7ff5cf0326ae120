using System.Globalization;
using System.Management.Automation;
using PsIpc.Native.Handles;

namespace PsIpc;

/// <summary>A handle that is one file descriptor of this process. One that is forgotten is closed by the garbage collector, sooner or later.</summary>
public abstract class DescriptorHandle : IpcHandle
{
    private volatile bool _isDisposed; // its descriptor stays open, and says so, as long as a call of another runspace is in it

    private protected DescriptorHandle(SafeDescriptor descriptor) => Owned = descriptor;

    /// <summary>The number of the descriptor in this process; null once it is closed.</summary>
    public int? Descriptor => IsClosed ? null : Owned.Number;

    /// <inheritdoc/>
    [Hidden]
    public override bool IsClosed => _isDisposed || Owned.IsClosed;

    internal override string DescriptorText => Descriptor?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>The descriptor.</summary>
    internal SafeDescriptor Owned { get; }

    /// <summary>The same kind of handle for a copy of the descriptor; null where a copy would be of no use.</summary>
    internal virtual DescriptorHandle? Of(SafeDescriptor copy) => null;

    /// <inheritdoc/>
    private protected override void Close()
    {
        _isDisposed = true;
        Owned.Dispose();
    }
}
