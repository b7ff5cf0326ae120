using System;
using System.Collections.Generic;
using System.IO;

namespace PsIpc.Host.Output;

/// <summary>A column of a table.</summary>
/// <param name="Label">What stands above it.</param>
/// <param name="Width">Its width; 0 for what is left over.</param>
/// <param name="IsRight">Whether its values stand at its right side.</param>
/// <param name="PropertyName">The property that it shows.</param>
internal sealed record TableColumn(string Label, int Width, bool IsRight, string PropertyName);

/// <summary>How objects of a type are shown as a table.</summary>
/// <param name="TypeName">The type.</param>
/// <param name="Columns">The columns.</param>
internal sealed record TableView(string TypeName, IReadOnlyList<TableColumn> Columns);

/// <summary>The tables of the module's format files: the first that is declared for a type is the one it is shown by.</summary>
internal sealed class TableViews
{
    private readonly List<TableView> _views = [];

    private TableViews()
    {
    }

    /// <summary>Reads the files beside the cmdlets, in the order in which the manifest names them.</summary>
    internal static TableViews Load()
    {
        TableViews views = new();
        foreach (string name in (ReadOnlySpan<string>)["PsIpc.Format.ps1xml", "PsIpc.Inventory.Format.ps1xml", "PsIpc.Synchronise.Format.ps1xml", "PsIpc.Streams.Format.ps1xml"])
        {
            string path = Path.Join(AppContext.BaseDirectory, name);
            if (File.Exists(path))
            {
                views.Read(File.ReadAllText(path));
            }
        }

        return views;
    }

    /// <summary>The table of a type, or of the nearest that it derives from; null when there is none.</summary>
    internal TableView? Find(Type type)
    {
        for (Type? one = type; one is not null; one = one.BaseType)
        {
            if (_views.Find(view => view.TypeName == one.FullName) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    internal void Read(string xml)
    {
        ElementReader reader = new(xml);
        List<string> types = [];
        List<TableColumn> headers = [];
        List<string> properties = [];
        while (reader.Read())
        {
            if (reader.IsEnd && reader.Name is "View")
            {
                Add(types, headers, properties);
                types.Clear();
                headers.Clear();
                properties.Clear();
            }
            else if (!reader.IsEnd)
            {
                ReadPart(ref reader, types, headers, properties);
            }
        }
    }

    private static void ReadPart(
        ref ElementReader reader, List<string> types, List<TableColumn> headers, List<string> properties)
    {
        switch (reader.Name)
        {
            case "TypeName":
                types.Add(reader.ReadText().Trim());
                break;
            case "TableColumnHeader":
                headers.Add(new TableColumn("", 0, IsRight: false, ""));
                break;
            case "Label" when headers.Count > 0:
                headers[^1] = headers[^1] with { Label = reader.ReadText().Trim() };
                break;
            case "Width" when headers.Count > 0:
                headers[^1] = headers[^1] with { Width = int.Parse(reader.ReadText(), System.Globalization.CultureInfo.InvariantCulture) };
                break;
            case "Alignment" when headers.Count > 0:
                headers[^1] = headers[^1] with { IsRight = reader.ReadText().Trim() == "Right" };
                break;
            case "PropertyName":
                properties.Add(reader.ReadText().Trim());
                break;
        }
    }

    private void Add(List<string> types, List<TableColumn> headers, List<string> properties)
    {
        if (headers.Count == 0 || headers.Count != properties.Count)
        {
            return; // a list, or something else that is not a table of properties
        }

        List<TableColumn> columns = [];
        for (int i = 0; i < headers.Count; i++)
        {
            string label = headers[i].Label.Length > 0 ? headers[i].Label : properties[i];
            columns.Add(headers[i] with { Label = label, PropertyName = properties[i] });
        }

        foreach (string type in types)
        {
            _views.Add(new TableView(type, columns));
        }
    }
}
