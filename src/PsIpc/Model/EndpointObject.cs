using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace PsIpc;

/// <summary>A FIFO or pipe: bytes go from those who have it open for writing to those who have it open for reading.</summary>
public abstract class EndpointObject : IpcObject
{
    /// <summary>Who has it open for reading; null when nobody looked.</summary>
    public IpcHolder[]? Readers => Holders?.Where(one => one.Access is "Read" or "ReadWrite").ToArray();

    /// <summary>Who has it open for writing; null when nobody looked.</summary>
    public IpcHolder[]? Writers => Holders?.Where(one => one.Access is "Write" or "ReadWrite").ToArray();

    /// <summary>The readers as tables show them.</summary>
    [Hidden]
    public string ReadersText => TextOf(Readers);

    /// <summary>The writers as tables show them.</summary>
    [Hidden]
    public string WritersText => TextOf(Writers);

    /// <inheritdoc/>
    [Hidden]
    public override string IdText => "";

    /// <inheritdoc/>
    [Hidden]
    public override string Summary => Holders is null ? "" : $"{(WritersText.Length > 0 ? WritersText : "nobody")} to {(ReadersText.Length > 0 ? ReadersText : "nobody")}";

    internal override IEnumerable<int> ProcessIds => [];

    private static string TextOf(IpcHolder[]? holders) => holders is null ? ""
        : string.Join(' ', holders.DistinctBy(one => one.ProcessId).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ProcessText}({one.ProcessId})")));
}
