using System;
using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Text;

namespace PsIpc.Host.Output;

/// <summary>
/// Writes objects for people: texts as they are, objects that have a table as its rows, others as lists. Rows of one
/// table go on as long as the objects have it; another kind of object gets a table of its own.
/// </summary>
internal sealed class ObjectTextWriter(OutputStream output, int width) : IObjectWriter
{
    private const string Dashes = "----------------------------------------";
    private readonly StringBuilder _line = new();
    private TableView? _table;
    private int[] _widths = [];
    private Type? _lastType;
    private TableView? _lastTable;
    private BagTable? _bags;
    private bool _inList;

    public void Write(object? value)
    {
        value = value is PSObject wrapper && !BagTable.IsBag(value) ? wrapper.BaseObject : value;
        if (value is null)
        {
            return;
        }

        if (value is PSObject bag)
        {
            WriteBag(bag);
        }
        else if (Shapes.IsSimple(value))
        {
            EndBags();
            EndList();
            output.WriteLine(value as string ?? DisplayText.Of(value));
        }
        else if (Shapes.IsSequence(value))
        {
            foreach (object? element in (IEnumerable)value)
            {
                Write(element);
            }
        }
        else if (TableOf(value) is { } table)
        {
            EndBags();
            WriteRow(table, value);
        }
        else
        {
            PropertyInfo[] properties = Shapes.PropertiesOf(value);
            WriteList(value, Array.ConvertAll(properties, one => one.Name), i => properties[i].GetValue(value));
        }
    }

    public void End()
    {
        EndBags();
        EndTable();
        EndList();
    }

    private TableView? TableOf(object value)
    {
        Type type = value.GetType();
        if (type != _lastType)
        {
            (_lastType, _lastTable) = (type, TableView.Of(type));
        }

        return _lastTable;
    }

    private void WriteRow(TableView table, object value)
    {
        if (_table != table)
        {
            EndTable();
            EndList();
            Begin(table);
        }

        WriteFields(i => DisplayText.Of(table.Read(value, i)));
    }

    private void Begin(TableView table)
    {
        _table = table;
        _widths = ColumnWidths.Calculate(table.Columns, width);
        output.WriteLine("");
        WriteFields(i => table.Columns[i].Label);
        WriteFields(i => Dashes[..Math.Min(Dashes.Length, Math.Min(DisplayText.Cells(table.Columns[i].Label), _widths[i]))]);
    }

    private void WriteFields(Func<int, string> field)
    {
        _line.Clear();
        for (int i = 0; i < _widths.Length; i++)
        {
            if (_widths[i] > 0)
            {
                _line.Append(i == 0 ? "" : " ");
                DisplayText.AppendField(_line, field(i), _widths[i], _table!.Columns[i].IsRight, i == _widths.Length - 1);
            }
        }

        output.WriteLine(_line.ToString());
    }

    private void WriteBag(PSObject bag)
    {
        object?[] values = BagTable.ValuesOf(bag);
        if (_bags?.Takes(bag) != true)
        {
            EndBags();
            if (!BagTable.IsRow(bag))
            {
                WriteList(bag, BagTable.NamesOf(bag), i => values[i]);
                return;
            }

            _bags = new BagTable(bag);
        }

        if (_bags.View is { } view)
        {
            WriteRow(view, values);
        }
        else if (_bags.Keep(values))
        {
            WriteKept(_bags);
        }
    }

    private void WriteKept(BagTable bags)
    {
        foreach (object?[] row in bags.Release())
        {
            WriteRow(bags.View!, row);
        }
    }

    private void EndBags()
    {
        if (_bags is { View: null } kept)
        {
            WriteKept(kept);
        }

        _bags = null;
    }

    private void WriteList(object value, string[] names, Func<int, object?> read)
    {
        EndBags();
        EndTable();
        if (names.Length == 0)
        {
            EndList();
            output.WriteLine(value.ToString());
            return;
        }

        int longest = 0;
        foreach (string name in names)
        {
            longest = Math.Max(longest, name.Length);
        }

        output.WriteLine("");
        _inList = true;
        for (int i = 0; i < names.Length; i++)
        {
            output.WriteLine($"{names[i].PadRight(longest)} : {DisplayText.Of(read(i))}");
        }
    }

    private void EndTable()
    {
        if (_table is not null)
        {
            output.WriteLine("");
            _table = null;
        }
    }

    private void EndList()
    {
        if (_inList)
        {
            output.WriteLine("");
            _inList = false;
        }
    }
}
