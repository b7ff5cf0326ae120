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
    /// <exception cref="RefusedException">There is no such cmdlet or topic.</exception>
    internal static string Of(string topic)
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
        return topic.Length == 0 ? List(pages) : Explain(CmdletTable.Find(topic), pages);
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

    private static string List(Dictionary<string, HelpPage> pages)
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
            text.Append("  ").Append(name.PadRight(longest)).Append("  ").Append(synopsis).Append('\n');
        }

        List<string> topics = Topics();
        text.Append(topics.Count > 0 ? "\nTopics:\n\n" : "");
        foreach (string topic in topics)
        {
            text.Append("  ").Append(topic).Append('\n');
        }

        return text.ToString().TrimEnd();
    }

    private static string Explain(CmdletDescription command, Dictionary<string, HelpPage> pages)
    {
        StringBuilder text = new();
        string name = command.Info.Name;
        pages.TryGetValue(name, out HelpPage? page);
        text.Append("NAME\n").Append(' ', Indent).Append(name).Append("\n\n");
        Section(text, "SYNOPSIS", page?.Synopsis ?? "");
        text.Append("SYNTAX\n");
        foreach (string line in CommandSyntaxText.Lines(command))
        {
            text.Append(' ', Indent).Append(line).Append('\n');
        }

        text.Append('\n');
        if (page is null)
        {
            Section(text, "NOTES", $"The help file {FileName} is not beside psipc, so there is only the syntax.");
            return text.ToString().TrimEnd();
        }

        Section(text, "DESCRIPTION", page.Description);
        text.Append("PARAMETERS\n");
        foreach ((string parameter, string description) in page.Parameters)
        {
            text.Append(' ', Indent).Append('-').Append(parameter).Append('\n');
            Paragraph(text, description, Indent * 2);
            text.Append('\n');
        }

        Section(text, "NOTES", page.Notes);
        foreach ((string title, string code, string remarks) in page.Examples)
        {
            Section(text, title.Trim('-', ' ').ToUpperInvariant(), code + (remarks.Length > 0 ? "\n\n" + remarks : ""));
        }

        return text.ToString().TrimEnd();
    }

    private static void Section(StringBuilder text, string title, string content)
    {
        if (content.Length > 0)
        {
            text.Append(title).Append('\n');
            Paragraph(text, content, Indent);
            text.Append('\n');
        }
    }

    private static void Paragraph(StringBuilder text, string content, int indent)
    {
        foreach (string line in content.Split('\n'))
        {
            text.Append(' ', line.Length > 0 ? indent : 0).Append(line).Append('\n');
        }
    }
}
