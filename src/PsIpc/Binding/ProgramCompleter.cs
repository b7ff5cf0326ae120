using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the programs of $env:PATH; where a slash is typed, those of the directory before it.</summary>
public sealed class ProgramCompleter : PathCompleter
{
    private const UnixFileMode MayRun = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Contains('/', StringComparison.Ordinal) ? base.Candidates(word, boundParameters) : OfPath(word);
    }

    /// <inheritdoc/>
    private protected override string? What(string path) => IsProgram(new FileInfo(path)) ? "program" : null;

    private static IEnumerable<(string Name, string ToolTip)> OfPath(string word)
    {
        HashSet<string> seen = [];
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
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
            .Where(file => file.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase) && IsProgram(file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    private static bool IsProgram(FileInfo file) => file.Exists && (file.UnixFileMode & MayRun) != 0;
}
