using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using PsIpc.Host.Engine;

namespace PsIpc.Host.Help;

/// <summary>Explains cmdlets and topics from the module's own help files, those that Get-Help reads.</summary>
internal static class HelpText
{
    private const string FileName = "PsIpc.dll-Help.xml";
    private const string TopicPrefix = "about_";
    private const string TopicSuffix = ".help.txt";
    private const int Indent = 4;

    private static string Folder => Path.Join(AppContext.BaseDirectory, "en-US");

    /// <summary>The list of cmdlets and topics, or the help of one.</summary>
    /// <param name="topic">What is asked for; nothing for the list.</param>
    /// <param name="columns">How long a line of prose may be.</param>
    /// <exception cref="RefusedException">There is no such cmdlet or topic.</exception>
    internal static string Of(string topic, int columns = int.MaxValue)
    {
        if (topic.StartsWith(TopicPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return About(topic) ?? throw new RefusedException($"There is no topic '{topic}'.{Suggestion.For(topic, Topics())} 'psipc help' lists them.");
        }

        if (topic.Length > 0 && About(TopicPrefix + "PsIpc_" + topic) is { } text)
        {
            return text;
        }

        Dictionary<string, HelpPage> pages = Load();
        return topic.Length == 0 ? List(pages, columns) : Explain(CmdletTable.Find(topic), pages, columns);
    }

    private static string? About(string topic)
    {
        foreach (string known in Topics())
        {
            if (known.Equals(topic, StringComparison.OrdinalIgnoreCase))
            {
                return File.ReadAllText(Path.Join(Folder, known + TopicSuffix)).TrimEnd();
            }
        }

        return null;
    }

    private static List<string> Topics()
    {
        List<string> topics = [];
        if (Directory.Exists(Folder))
        {
            foreach (string file in Directory.GetFiles(Folder, TopicPrefix + "*" + TopicSuffix))
            {
                topics.Add(Path.GetFileName(file)[..^TopicSuffix.Length]);
            }
        }

        topics.Sort(StringComparer.Ordinal);
        return topics;
    }

    private static Dictionary<string, HelpPage> Load()
    {
        string path = Path.Join(Folder, FileName);
        return File.Exists(path) ? HelpPage.ReadAll(File.ReadAllText(path)) : new Dictionary<string, HelpPage>(StringComparer.OrdinalIgnoreCase);
    }

    private static string List(Dictionary<string, HelpPage> pages, int columns)
    {
        IReadOnlyList<string> names = CmdletTable.Names;
        int longest = 0;
        foreach (string name in names)
        {
            longest = Math.Max(longest, name.Length);
        }

        StringBuilder text = new("The cmdlets of psipc. 'psipc help NAME' explains one, 'psipc --help' says how to call psipc.\n\n");
        foreach (string name in names)
        {
            string synopsis = pages.TryGetValue(name, out HelpPage? page) ? page.Synopsis : "";
            Paragraph(text, $"{name.PadRight(longest)}  {synopsis}", Indent / 2, columns, hanging: longest + 2);
        }

        List<string> topics = Topics();
        text.Append(topics.Count > 0 ? "\nTopics:\n\n" : "");
        foreach (string topic in topics)
        {
            text.Append("  ").Append(topic).Append('\n');
        }

        return text.ToString().TrimEnd();
    }

    private static string Explain(CmdletDescription command, Dictionary<string, HelpPage> pages, int columns)
    {
        StringBuilder text = new();
        string name = command.Info.Name;
        pages.TryGetValue(name, out HelpPage? page);
        text.Append("NAME\n").Append(' ', Indent).Append(name).Append("\n\n");
        Section(text, "SYNOPSIS", page?.Synopsis ?? "", columns);
        text.Append("SYNTAX\n");
        foreach (string line in CommandSyntaxText.Lines(command))
        {
            Paragraph(text, line, Indent, columns);
        }

        text.Append('\n');
        if (page is null)
        {
            Section(text, "NOTES", $"The help file {FileName} is not beside psipc, so there is only the syntax.", columns);
            return text.ToString().TrimEnd();
        }

        Section(text, "DESCRIPTION", page.Description, columns);
        Described(text, "PARAMETERS", "-", page.Parameters, columns);
        Described(text, "INPUTS", "", page.Inputs, columns);
        Described(text, "OUTPUTS", "", page.Outputs, columns);
        Section(text, "NOTES", page.Notes, columns);
        foreach ((string title, string code, string remarks) in page.Examples)
        {
            text.Append(title.Trim('-', ' ').ToUpperInvariant()).Append('\n');
            Paragraph(text, code, Indent, int.MaxValue);
            text.Append('\n');
            if (remarks.Length > 0)
            {
                Paragraph(text, remarks, Indent, columns);
                text.Append('\n');
            }
        }

        return text.ToString().TrimEnd();
    }

    private static void Section(StringBuilder text, string title, string content, int columns)
    {
        if (content.Length > 0)
        {
            text.Append(title).Append('\n');
            Paragraph(text, content, Indent, columns);
            text.Append('\n');
        }
    }

    private static void Described(StringBuilder text, string title, string prefix, List<(string Name, string Description)> described, int columns)
    {
        text.Append(title).Append('\n');
        foreach ((string name, string description) in described)
        {
            text.Append(' ', Indent).Append(prefix).Append(name).Append('\n');
            Paragraph(text, description, Indent * 2, columns);
            text.Append('\n');
        }
    }

    /// <summary>Lines, indented; one that is too long is broken at blanks. Lines that begin with a blank are printed output, and stay.</summary>
    /// <param name="text">Where they go.</param>
    /// <param name="content">The lines.</param>
    /// <param name="indent">Blanks before each.</param>
    /// <param name="columns">How long one may be.</param>
    /// <param name="hanging">Blanks more before what a line goes on with.</param>
    private static void Paragraph(StringBuilder text, string content, int indent, int columns, int hanging = 0)
    {
        foreach (string line in content.Split('\n'))
        {
            ReadOnlySpan<char> rest = line;
            int blanks = indent;
            while (rest.Length > columns - blanks && rest[0] != ' ' && rest[..Math.Max(columns - blanks + 1, 1)].LastIndexOf(' ') is > 0 and var end)
            {
                text.Append(' ', blanks).Append(rest[..end]).Append('\n');
                rest = rest[(end + 1)..];
                blanks = indent + hanging;
            }

            text.Append(' ', rest.Length > 0 ? blanks : 0).Append(rest).Append('\n');
        }
    }
}
