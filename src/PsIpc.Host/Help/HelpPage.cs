using System;
using System.Collections.Generic;
using System.Text;
using PsIpc.Host.Output;

namespace PsIpc.Host.Help;

/// <summary>What the help file says of one cmdlet.</summary>
internal sealed class HelpPage
{
    internal string Synopsis { get; private set; } = "";

    internal string Description { get; private set; } = "";

    internal List<(string Name, string Description)> Parameters { get; } = [];

    /// <summary>What it takes from the pipeline: the types, and what they are.</summary>
    internal List<(string Name, string Description)> Inputs { get; } = [];

    /// <summary>What it emits.</summary>
    internal List<(string Name, string Description)> Outputs { get; } = [];

    internal List<(string Title, string Code, string Remarks)> Examples { get; } = [];

    /// <summary>Errors and limits.</summary>
    internal string Notes { get; private set; } = "";

    /// <summary>Reads a MAML file. What it does not know it goes over.</summary>
    internal static Dictionary<string, HelpPage> ReadAll(string xml)
    {
        Dictionary<string, HelpPage> pages = new(StringComparer.OrdinalIgnoreCase);
        ElementReader reader = new(xml);
        while (reader.Read())
        {
            if (!reader.IsEnd && reader.Name is "command:command")
            {
                HelpPage page = new();
                string name = page.ReadCommand(ref reader);
                if (name.Length > 0)
                {
                    pages[name] = page;
                }
            }
        }

        return pages;
    }

    private string ReadCommand(ref ElementReader reader)
    {
        string name = "";
        while (reader.Read() && !(reader.IsEnd && reader.Name is "command:command"))
        {
            if (reader.IsEnd)
            {
                continue;
            }

            switch (reader.Name)
            {
                case "command:details":
                    name = ReadDetails(ref reader);
                    break;
                case "maml:description":
                    Description = Paragraphs(ref reader, "maml:description");
                    break;
                case "command:parameters":
                    ReadDescribed(ref reader, "command:parameters", "command:parameter", Parameters);
                    break;
                case "command:inputTypes":
                    ReadDescribed(ref reader, "command:inputTypes", "command:inputType", Inputs);
                    break;
                case "command:returnValues":
                    ReadDescribed(ref reader, "command:returnValues", "command:returnValue", Outputs);
                    break;
                case "command:example":
                    ReadExample(ref reader);
                    break;
                case "maml:alertSet":
                    Notes = Paragraphs(ref reader, "maml:alertSet");
                    break;
                case "command:syntax" or "command:relatedLinks":
                    Skip(ref reader, reader.Name.ToString());
                    break;
            }
        }

        return name;
    }

    private string ReadDetails(ref ElementReader reader)
    {
        string name = "";
        while (reader.Read() && !(reader.IsEnd && reader.Name is "command:details"))
        {
            if (!reader.IsEnd && reader.Name is "command:name")
            {
                name = reader.ReadText().Trim();
            }
            else if (!reader.IsEnd && reader.Name is "maml:description")
            {
                Synopsis = Paragraphs(ref reader, "maml:description");
            }
        }

        return name;
    }

    /// <summary>Elements that have a name and a description each.</summary>
    private static void ReadDescribed(ref ElementReader reader, string list, string element, List<(string Name, string Description)> described)
    {
        string name = "", description = "";
        while (reader.Read() && !(reader.IsEnd && reader.Name.SequenceEqual(list)))
        {
            if (reader.IsEnd && reader.Name.SequenceEqual(element))
            {
                described.Add((name, description));
                (name, description) = ("", "");
            }
            else if (!reader.IsEnd && reader.Name is "maml:name" && name.Length == 0)
            {
                name = reader.ReadText().Trim();
            }
            else if (!reader.IsEnd && reader.Name is "maml:description" or "maml:Description" && description.Length == 0)
            {
                description = Paragraphs(ref reader, reader.Name.ToString());
            }
        }
    }

    private void ReadExample(ref ElementReader reader)
    {
        string title = "", code = "", remarks = "";
        while (reader.Read() && !(reader.IsEnd && reader.Name is "command:example"))
        {
            if (reader.IsEnd)
            {
                continue;
            }

            switch (reader.Name)
            {
                case "maml:title":
                    title = reader.ReadText().Trim();
                    break;
                case "dev:code":
                    code = reader.ReadText().Trim();
                    break;
                case "dev:remarks":
                    remarks = Paragraphs(ref reader, "dev:remarks");
                    break;
                case "maml:introduction":
                    string introduction = Paragraphs(ref reader, "maml:introduction");
                    remarks = introduction.Length > 0 ? introduction : remarks;
                    break;
            }
        }

        Examples.Add((title, code, remarks));
    }

    private static string Paragraphs(ref ElementReader reader, string end)
    {
        StringBuilder text = new();
        while (reader.Read() && !(reader.IsEnd && reader.Name.SequenceEqual(end)))
        {
            if (!reader.IsEnd && reader.Name is "maml:para")
            {
                string paragraph = reader.ReadText().Trim();
                if (paragraph.Length > 0)
                {
                    text.Append(text.Length > 0 ? "\n\n" : "").Append(paragraph);
                }
            }
        }

        return text.ToString();
    }

    private static void Skip(ref ElementReader reader, string end)
    {
        while (reader.Read() && !(reader.IsEnd && reader.Name.SequenceEqual(end)))
        {
        }
    }
}
