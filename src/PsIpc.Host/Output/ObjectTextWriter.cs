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
    private bool _inList;

    public void Write(object? value)
    {
        value = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (value is null)
        {
            return;
        }

        if (Shapes.IsSimple(value))
        {
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
            WriteRow(table, value);
        }
        else
        {
            WriteList(value);
        }
    }

    public void End()
    {
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
            End();
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

    private void WriteList(object value)
    {
        EndTable();
        PropertyInfo[] properties = Shapes.PropertiesOf(value);
        if (properties.Length == 0)
        {
            EndList();
            output.WriteLine(value.ToString());
            return;
        }

        int longest = 0;
        foreach (PropertyInfo property in properties)
        {
            longest = Math.Max(longest, property.Name.Length);
        }

        output.WriteLine("");
        _inList = true;
        foreach (PropertyInfo property in properties)
        {
            output.WriteLine($"{property.Name.PadRight(longest)} : {DisplayText.Of(property.GetValue(value))}");
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
