using System.Linq;
using System.Management.Automation;

namespace PsIpc;

/// <summary>A pipe as New-Pipe makes it, both ends of it; see pipe(7). Closing it closes both.</summary>
public sealed class OpenPipe : IpcHandle, Columns.IOpenPipe
{
    internal OpenPipe(PipeEnd reader, PipeEnd writer) => (Reader, Writer) = (reader, writer);

    /// <summary>The end that is read. It comes to the end of the data when every copy of the other is closed, in all processes.</summary>
    public PipeEnd Reader { get; }

    /// <summary>The end that is written to.</summary>
    public PipeEnd Writer { get; }

    /// <summary>Bytes that it holds before who writes has to wait; null once it is closed.</summary>
    public int? Capacity => Reader.Capacity ?? Writer.Capacity;

    /// <summary>Whether each write of up to 4096 bytes comes out as a packet of its own.</summary>
    public bool IsPacket => Writer.IsPacket;

    /// <summary>The inode that both ends have.</summary>
    public ulong Inode => Writer.Inode;

    /// <inheritdoc/>
    [Hidden]
    public override bool IsClosed => Reader.IsClosed && Writer.IsClosed;

    int? Columns.IOpenPipe.ReaderDescriptor => Reader.Descriptor;

    int? Columns.IOpenPipe.WriterDescriptor => Writer.Descriptor;

    string Columns.IOpenPipe.Name => Name;

    /// <summary>What it is, for tables and sentences.</summary>
    internal string Name => Writer.StreamName;

    internal override string HandleText => "Pipe";

    internal override string DescriptorText =>
        string.Join(", ", ((string[])[Reader.DescriptorText, Writer.DescriptorText]).Where(one => one.Length > 0));

    internal override string StateText => IsClosed ? "Closed" : Reader.IsClosed ? Writer.StateText : Writer.IsClosed ? Reader.StateText : "Read, Write";

    internal override string SizeText => HumanSize.Format(Capacity);

    internal override string NameText => Name;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private protected override void Close()
    {
        Writer.Dispose(); // first, so that nobody who reads through a copy sees a pipe without reader
        Reader.Dispose();
    }
}
