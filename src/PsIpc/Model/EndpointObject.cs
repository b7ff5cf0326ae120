using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc;

/// <summary>A FIFO or pipe: bytes go from those who have it open for writing to those who have it open for reading.</summary>
public abstract class EndpointObject : IpcObject, Columns.IEndpoint
{
    /// <summary>Who has it open for reading; null when nobody looked.</summary>
    public IpcHolder[]? Readers => Holders?.Where(one => one.Access is "Read" or "ReadWrite").ToArray();

    /// <summary>Who has it open for writing; null when nobody looked.</summary>
    public IpcHolder[]? Writers => Holders?.Where(one => one.Access is "Write" or "ReadWrite").ToArray();

    string Columns.IEndpoint.ReadersText => ReadersText;

    string Columns.IEndpoint.WritersText => WritersText;

    internal override string IdText => "";

    internal override string Summary => Holders is null ? "" : $"{(WritersText.Length > 0 ? WritersText : "nobody")} to {(ReadersText.Length > 0 ? ReadersText : "nobody")}";

    internal override IEnumerable<int> ProcessIds => [];

    private string ReadersText => TextOf(Readers);

    private string WritersText => TextOf(Writers);

    private static string TextOf(IpcHolder[]? holders) => holders is null ? ""
        : string.Join(' ', holders.DistinctBy(one => one.ProcessId).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ProcessText}({one.ProcessId})")));
}
