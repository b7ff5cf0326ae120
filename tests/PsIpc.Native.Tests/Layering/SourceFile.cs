using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Tests.Support;

namespace PsIpc.Native.Tests.Layering;

/// <summary>A C# file of src/, and the part of it that is code.</summary>
internal sealed class SourceFile
{
    private SourceFile(string path)
    {
        Path = System.IO.Path.GetRelativePath(Repository.Root, path);
        Text = File.ReadAllText(path);
        Code = WithoutCommentsAndStrings(Text);
    }

    /// <summary>Relative to the repository.</summary>
    internal string Path { get; }

    internal string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    internal string Text { get; }

    /// <summary>The text with comments and the contents of strings blanked.</summary>
    internal string Code { get; }

    /// <summary>The folder below the project, empty for the project's own.</summary>
    internal string Folder => Path.Split('/') is [_, _, var folder, _, ..] ? folder : "";

    internal static IReadOnlyList<SourceFile> Of(string directory) =>
        [.. Repository.Files(directory, "*.cs").Select(path => new SourceFile(path))];

    private static string WithoutCommentsAndStrings(string text)
    {
        StringBuilder code = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int end = EndOfBlank(text, i);
            if (end == i)
            {
                code.Append(text[i++]);
                continue;
            }

            for (; i < end; i++)
            {
                code.Append(text[i] == '\n' ? '\n' : ' ');
            }
        }

        return code.ToString();
    }

    /// <summary>Where the comment or literal that begins here ends; here itself when none does.</summary>
    private static int EndOfBlank(string text, int start)
    {
        ReadOnlySpan<char> rest = text.AsSpan(start);
        if (rest.StartsWith("//"))
        {
            return After(text, "\n", start) - 1;
        }

        if (rest.StartsWith("/*"))
        {
            return After(text, "*/", start + 2);
        }

        if (rest.StartsWith("\"\"\""))
        {
            return After(text, "\"\"\"", start + 3);
        }

        if (rest.StartsWith("@\"") || rest.StartsWith("$@\"") || rest.StartsWith("@$\""))
        {
            int i = text.IndexOf('"', start) + 1;
            while (i < text.Length && (text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"')))
            {
                i += text[i] == '"' ? 2 : 1;
            }

            return i + 1;
        }

        return rest[0] is '"' or '\'' ? EndOfQuoted(text, start) : start;
    }

    private static int EndOfQuoted(string text, int start)
    {
        int i = start + 1;
        while (i < text.Length && text[i] != text[start] && text[i] != '\n')
        {
            i += text[i] == '\\' ? 2 : 1;
        }

        return Math.Min(i + 1, text.Length);
    }

    private static int After(string text, string end, int from)
    {
        int at = text.IndexOf(end, from, StringComparison.Ordinal);
        return at < 0 ? text.Length : at + end.Length;
    }
}
