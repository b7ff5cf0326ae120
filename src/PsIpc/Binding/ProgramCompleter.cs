using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the programs of $env:PATH. A word with a slash in it is a path, which PowerShell completes by itself.</summary>
public sealed class ProgramCompleter : IpcCompleter
{
    private const UnixFileMode MayRun = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) => Candidates("", boundParameters);

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(word);
        HashSet<string> seen = [];
        foreach (string directory in word.Contains('/', StringComparison.Ordinal) ? [] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            // Only a full name means the same directory wherever the user stands.
            foreach (FileInfo program in Path.IsPathFullyQualified(directory) && Directory.Exists(directory) ? Programs(directory, word) : [])
            {
                if (seen.Add(program.Name))
                {
                    yield return (program.Name, program.FullName);
                }
            }
        }
    }

    private static IEnumerable<FileInfo> Programs(string directory, string word) =>
        new DirectoryInfo(directory).EnumerateFiles("*", new EnumerationOptions { IgnoreInaccessible = true })
            .Where(file => file.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (file.UnixFileMode & MayRun) != 0)
            .OrderBy(file => file.Name, StringComparer.Ordinal);
}
