using System;
using System.Collections.ObjectModel;
using System.IO;
using System.Management.Automation;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace PsIpc.Host.Engine;

/// <summary>Paths as PowerShell reads them on Linux: ~ is the home directory, a backslash is a slash, drives other than the file system are refused.</summary>
internal static class FileSystemPath
{
    private static readonly string[] Providers = ["FileSystem::", "Microsoft.PowerShell.Core\\FileSystem::"];

    internal static string ToFull(string path)
    {
        string name = WithoutProvider(path);
        if (name is "~" || name.StartsWith("~/", StringComparison.Ordinal) || name.StartsWith("~\\", StringComparison.Ordinal))
        {
            name = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + name[1..];
        }

        string full = Path.GetFullPath(name.Replace('\\', '/'));
        return full.Length > 1 && !name.EndsWith('/') ? full.TrimEnd('/') : full;
    }

    internal static Collection<string> Expand(string path)
    {
        Collection<string> found = [];
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            string full = ToFull(WildcardPattern.Unescape(path));
            if (!Path.Exists(full))
            {
                throw new ItemNotFoundException($"Cannot find path '{full}' because it does not exist.");
            }

            found.Add(full);
            return found;
        }

        // A backtick belongs to the pattern, so the names are taken apart before anything is normalized.
        string name = WithoutProvider(path).Replace('\\', '/');
        bool isOfHome = name.StartsWith("~/", StringComparison.Ordinal);
        string start = name.StartsWith('/') ? "/" : isOfHome ? ToFull("~") : Environment.CurrentDirectory;
        Walk(start, (isOfHome ? name[2..] : name).Split('/', StringSplitOptions.RemoveEmptyEntries), 0, found);
        return found;
    }

    private static void Walk(string directory, string[] parts, int index, Collection<string> found)
    {
        if (index == parts.Length)
        {
            found.Add(directory);
            return;
        }

        if (!WildcardPattern.ContainsWildcardCharacters(parts[index]))
        {
            string next = Path.GetFullPath(Path.Join(directory, WildcardPattern.Unescape(parts[index])));
            if (Path.Exists(next))
            {
                Walk(next, parts, index + 1, found);
            }

            return;
        }

        WildcardPattern pattern = new(parts[index], WildcardOptions.IgnoreCase);
        string[] entries;
        try
        {
            entries = Directory.GetFileSystemEntries(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        // Directories come before files, each in the order of their names.
        Array.Sort(entries, static (one, other) =>
        {
            int byKind = Directory.Exists(other).CompareTo(Directory.Exists(one));
            return byKind != 0 ? byKind : string.Compare(one, other, StringComparison.OrdinalIgnoreCase);
        });
        foreach (string entry in entries)
        {
            // Hidden files, whose names begin with a dot, are for no pattern, not even .*: PowerShell would have to be given -Force.
            ReadOnlySpan<char> name = Path.GetFileName(entry.AsSpan());
            if (name[0] != '.' && pattern.IsMatch(name.ToString()))
            {
                Walk(entry, parts, index + 1, found);
            }
        }
    }

    private static string WithoutProvider(string path)
    {
        foreach (string provider in Providers)
        {
            if (path.StartsWith(provider, StringComparison.OrdinalIgnoreCase))
            {
                return path[provider.Length..];
            }
        }

        int colon = path.IndexOf(':', StringComparison.Ordinal);
        int slash = path.AsSpan().IndexOfAny('/', '\\');
        if (colon > 0 && (slash < 0 || colon < slash))
        {
            throw new DriveNotFoundException(
                $"Cannot find drive. A drive with the name '{path[..colon]}' does not exist: psipc knows the file system only. Put ./ before a file name with a colon.");
        }

        return path;
    }
}
