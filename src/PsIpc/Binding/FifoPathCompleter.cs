using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the FIFOs of a directory. Nothing is opened for reading or writing.</summary>
public sealed class FifoPathCompleter : PathCompleter
{
    /// <inheritdoc/>
    private protected override string? What(string path)
    {
        using FileObject? file = FileObject.TryOpen(path);
        return file?.Type == FileObjectType.Fifo ? "FIFO" : null;
    }
}
