using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace PsIpc;

/// <summary>A regular file or memfd that processes have mapped to share it; see mmap(2), memfd_create(2).</summary>
public sealed class FileMapping : IpcObject, Columns.IFileMapping
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

    string Columns.IFileMapping.MappedText => HumanSize.Format(MappedBytes);

    string Columns.IFileMapping.ProcessesText => ProcessesText;

    internal override string IdText => "";

    internal override string Summary => $"mapped by {ProcessesText}";

    internal override IEnumerable<int> ProcessIds => [];

    private string ProcessesText => Holders is null ? ""
        : string.Join(' ', Holders.DistinctBy(one => one.ProcessId).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ProcessText}({one.ProcessId})")));
}
