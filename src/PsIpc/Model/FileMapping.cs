using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace PsIpc;

/// <summary>A regular file or memfd that processes have mapped to share it; see mmap(2), memfd_create(2).</summary>
public sealed class FileMapping : IpcObject
{
    /// <inheritdoc/>
    public override string Kind => nameof(IpcKind.FileMapping);

    /// <summary>What /proc calls the file; one that was removed ends in " (deleted)", a memfd begins with "/memfd:".</summary>
    public string Path { get; internal set; } = "";

    /// <summary>Whether it is memory without a file (memfd_create).</summary>
    public bool IsMemoryFile { get; internal set; }

    /// <summary>Bytes mapped, of all processes together.</summary>
    public long MappedBytes { get; internal set; }

    /// <summary>Nothing is recorded.</summary>
    public override DateTime? LastActivity => null;

    /// <summary>How much is mapped, as tables show it.</summary>
    [Hidden]
    public string MappedText => HumanSize.Format(MappedBytes);

    /// <summary>The processes, as tables show them.</summary>
    [Hidden]
    public string ProcessesText => Holders is null ? ""
        : string.Join(' ', Holders.DistinctBy(one => one.ProcessId).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ProcessText}({one.ProcessId})")));

    /// <inheritdoc/>
    [Hidden]
    public override string IdText => "";

    /// <inheritdoc/>
    [Hidden]
    public override string Summary => $"mapped by {ProcessesText}";

    internal override IEnumerable<int> ProcessIds => [];
}
