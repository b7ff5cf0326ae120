using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace PsIpc.Host.Output;

/// <summary>
/// The table of objects that are no more than named values: what Read-SharedMemory -Layout emits. No view says how wide its columns are, so the first
/// rows are kept until their widths are seen, as PowerShell does.
/// </summary>
internal sealed class BagTable
{
    private const int MostColumns = 4;
    private const int MostKept = 1000;
    private readonly string[] _names;
    private readonly List<object?[]> _kept = [];

    internal BagTable(PSObject first) => _names = NamesOf(first);

    /// <summary>The table; null as long as rows are kept.</summary>
    internal TableView? View { get; private set; }

    /// <summary>Whether an object is such a bag.</summary>
    internal static bool IsBag(object? value) => value is PSObject { BaseObject: PSCustomObject };

    /// <summary>Whether a bag is shown as a row, as PowerShell shows those with up to four values; others are lists.</summary>
    internal static bool IsRow(PSObject bag) => NamesOf(bag).Length is > 0 and <= MostColumns;

    /// <summary>The values of a bag, in their order.</summary>
    internal static object?[] ValuesOf(PSObject bag)
    {
        List<object?> values = [];
        foreach (PSPropertyInfo property in bag.Properties)
        {
            values.Add(property.Value);
        }

        return [.. values];
    }

    /// <summary>The names in a bag, in their order.</summary>
    internal static string[] NamesOf(PSObject bag)
    {
        List<string> names = [];
        foreach (PSPropertyInfo property in bag.Properties)
        {
            names.Add(property.Name);
        }

        return [.. names];
    }

    /// <summary>Whether a bag has the columns of this table.</summary>
    internal bool Takes(PSObject bag) => NamesOf(bag).AsSpan().SequenceEqual(_names);

    /// <summary>Keeps a row; whether that is as many as are kept.</summary>
    internal bool Keep(object?[] row)
    {
        _kept.Add(row);
        return _kept.Count == MostKept;
    }

    /// <summary>The rows that were kept, with the table that they make.</summary>
    internal List<object?[]> Release()
    {
        TableColumn[] columns = new TableColumn[_names.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int width = DisplayText.Cells(_names[i]);
            foreach (object?[] row in _kept)
            {
                width = Math.Max(width, DisplayText.Cells(DisplayText.Of(row[i])));
            }

            columns[i] = new TableColumn(_names[i], width, _kept[0][i] is { } value && Type.GetTypeCode(value.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal);
        }

        View = new TableView(columns, static (row, i) => ((object?[])row)[i]);
        return _kept;
    }
}
