using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace PsIpc.Binding;

/// <summary>Base of what offers some of the files of the directory that is typed, and the directories in which there may be others.</summary>
public abstract class PathCompleter : IpcCompleter
{
    private const string Home = "~/";

    /// <inheritdoc/>
    private protected override CompletionResultType ResultType => CompletionResultType.ProviderItem;

    /// <summary>Where relative paths start.</summary>
    private protected static string Location => new SessionState().Path.CurrentFileSystemLocation.Path;

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) => Candidates("", boundParameters);

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(word);
        string before = word[..(word.LastIndexOf('/') + 1)];
        string leaf = word[before.Length..];
        string directory = before.StartsWith(Home, StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), before[Home.Length..])
            : Path.Combine(Location, before);
        foreach (string path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (!name.StartsWith(leaf, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (Directory.Exists(path))
            {
                yield return (before + name, $"directory {path}");
            }
            else if (What(path) is { } what)
            {
                yield return (before + name, $"{what} {path}");
            }
        }
    }

    /// <summary>What a file is; null where it is none of those that are offered.</summary>
    /// <param name="path">Its full path.</param>
    private protected abstract string? What(string path);
}
