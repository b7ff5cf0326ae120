using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the FIFOs of a directory, and the directories in which there may be others. Nothing is opened for reading or writing.</summary>
public sealed class FifoPathCompleter : IpcCompleter
{
    /// <inheritdoc/>
    private protected override CompletionResultType ResultType => CompletionResultType.ProviderItem;

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) => Candidates("", boundParameters);

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(word);
        string before = word[..(word.LastIndexOf('/') + 1)];
        string directory = Path.Combine(new SessionState().Path.CurrentFileSystemLocation.Path, before);
        string leaf = word[before.Length..];
        foreach (string path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (!name.StartsWith(leaf, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            using FileObject? file = FileObject.TryOpen(path);
            if (file?.Type == FileObjectType.Fifo)
            {
                yield return (before + name, $"FIFO {path}");
            }
            else if (Directory.Exists(path))
            {
                yield return (before + name, $"directory {path}");
            }
        }
    }
}
