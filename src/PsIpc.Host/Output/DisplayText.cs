using System;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace PsIpc.Host.Output;

/// <summary>Values as tables and lists show them, and how much room they take.</summary>
internal static class DisplayText
{
    private const string Blanks = "                                ";
    private const int EnumerationLimit = 4;
    private const char Ellipsis = '\u2026';

    /// <summary>A value as text: null is nothing, an array stands in braces, at most four of its elements.</summary>
    internal static string Of(object? value)
    {
        if (value is null or string)
        {
            return (string?)value ?? "";
        }

        if (value is PSObject bag)
        {
            return BagTable.IsBag(bag) ? OfBag(bag) : Of(bag.BaseObject);
        }

        if (value is not IEnumerable elements)
        {
            return value is IFormattable formattable and not Enum ? formattable.ToString(null, CultureInfo.CurrentCulture) : value.ToString() ?? "";
        }

        StringBuilder text = new("{");
        int count = 0;
        foreach (object? element in elements)
        {
            if (count == EnumerationLimit)
            {
                text.Append(Ellipsis);
                break;
            }

            text.Append(count++ == 0 ? "" : ", ").Append(Of(element));
        }

        return text.Append('}').ToString();
    }

    /// <summary>Named values in one line: @{X=1; Y=2}.</summary>
    private static string OfBag(PSObject bag)
    {
        StringBuilder text = new("@{");
        foreach (PSPropertyInfo property in bag.Properties)
        {
            text.Append(text.Length > 2 ? "; " : "").Append(property.Name).Append('=').Append(Of(property.Value));
        }

        return text.Append('}').ToString();
    }

    /// <summary>A field of a table: one line, padded or cut to its width.</summary>
    internal static void AppendField(StringBuilder row, string value, int width, bool isRight, bool isLast)
    {
        string text = FirstLine(value);
        int length = Cells(text);
        if (length > width)
        {
            text = isRight ? Ellipsis + Tail(text, width - 1) : Head(text, width - 1) + Ellipsis;
            length = Cells(text);
        }

        int padding = width - length;
        if (isRight)
        {
            AppendBlanks(row, padding);
            row.Append(text);
        }
        else
        {
            row.Append(text);
            AppendBlanks(row, isLast ? 0 : padding);
        }
    }

    /// <summary>Blanks from a string: to repeat a character is code that must be compiled first.</summary>
    private static void AppendBlanks(StringBuilder row, int count)
    {
        for (; count > Blanks.Length; count -= Blanks.Length)
        {
            row.Append(Blanks);
        }

        row.Append(Blanks, 0, count);
    }

    /// <summary>How many columns of a terminal a text takes: East Asian characters take two.</summary>
    internal static int Cells(string text)
    {
        int cells = 0;
        foreach (char c in text)
        {
            cells += CellsOf(c);
        }

        return cells;
    }

    private static int CellsOf(char c) =>
        c >= '\u1100' && (c is <= '\u115f' or '\u2329' or '\u232a' or (>= '\u2e80' and <= '\ua4cf' and not '\u303f')
            or (>= '\uac00' and <= '\ud7a3') or (>= '\uf900' and <= '\ufaff') or (>= '\ufe10' and <= '\ufe19')
            or (>= '\ufe30' and <= '\ufe6f') or (>= '\uff00' and <= '\uff60') or (>= '\uffe0' and <= '\uffe6')) ? 2 : 1;

    private static string FirstLine(string value)
    {
        int end = value.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? value : value[..end] + Ellipsis;
    }

    private static string Head(string text, int cells)
    {
        int end = 0;
        while (end < text.Length && cells >= CellsOf(text[end]))
        {
            cells -= CellsOf(text[end++]);
        }

        return text[..end];
    }

    private static string Tail(string text, int cells)
    {
        int start = text.Length;
        while (start > 0 && cells >= CellsOf(text[start - 1]))
        {
            cells -= CellsOf(text[--start]);
        }

        return text[start..];
    }
}
