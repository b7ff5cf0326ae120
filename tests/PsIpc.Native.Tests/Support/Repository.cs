using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace PsIpc.Native.Tests.Support;

/// <summary>Where the sources are: some tests read them.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string Peers { get; } = Path.Combine(Root, "tests", "peers");

    internal static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Every file of a kind under a directory of the repository, but for what a build made.</summary>
    internal static IEnumerable<string> Files(string directory, string pattern) =>
        Directory.EnumerateFiles(PathOf(directory), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "PsIpc.slnx")))
            {
                return directory;
            }
        }

        throw new DirectoryNotFoundException($"No repository around {AppContext.BaseDirectory}.");
    }
}
