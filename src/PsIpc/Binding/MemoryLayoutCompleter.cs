using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Native.Memory;

namespace PsIpc.Binding;

/// <summary>Offers the types of fields, where the next field of a layout in C's form begins: 'int64 Count; ch'.</summary>
public sealed class MemoryLayoutCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) => Candidates("", boundParameters);

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(word);
        string done = word[..(word.LastIndexOf(';') + 1)];
        string before = done.Length > 0 ? done + " " : "";
        return MemoryType.All.Select(type => (before + type.Name + " ", $"{type.Name}, {type.Size} {(type.Size == 1 ? "byte" : "bytes")}{AlsoCalled(type)}"));
    }

    /// <inheritdoc/>
    protected override bool Matches(string value, string word)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(word);
        int start = word.LastIndexOf(';') + 1;
        return value[start..].TrimStart().StartsWith(word[start..].TrimStart(), StringComparison.OrdinalIgnoreCase);
    }

    private static string AlsoCalled(MemoryType type) => type.Names.Length > 1 ? $"; also {string.Join(", ", type.Names.Skip(1))}" : "";
}
