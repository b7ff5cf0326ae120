using System;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Reflection;
using System.Text;

namespace PsIpc.Host.Output;

/// <summary>
/// Writes one JSON value a line, as ConvertTo-Json -Compress -EnumsAsStrings makes it: properties by their names, times in
/// ISO 8601, bytes as numbers. Hidden properties are left out.
/// </summary>
internal sealed class JsonObjectWriter(OutputStream output) : IObjectWriter
{
    private const int Depth = 4;
    private readonly StringBuilder _line = new();

    public void Write(object? value)
    {
        _line.Clear();
        Append(value, 0);
        output.WriteLine(_line.ToString());
    }

    /// <summary>The JSON of one value.</summary>
    internal static string ToJson(object? value)
    {
        JsonObjectWriter writer = new(null!);
        writer.Append(value, 0);
        return writer._line.ToString();
    }

    public void End()
    {
    }

    private void Append(object? value, int depth)
    {
        value = value is PSObject wrapper && !BagTable.IsBag(value) ? wrapper.BaseObject : value;
        switch (value)
        {
            case null:
                _line.Append("null");
                break;
            case string text:
                AppendText(text);
                break;
            case bool truth:
                _line.Append(truth ? "true" : "false");
                break;
            case SwitchParameter flag:
                _line.Append(flag.IsPresent ? "true" : "false");
                break;
            case DateTime time:
                AppendText(time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture));
                break;
            case double or float when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                AppendText(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case float or double or decimal:
                AppendReal(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger:
                _line.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            default:
                AppendOther(value, depth);
                break;
        }
    }

    private void AppendOther(object value, int depth)
    {
        if (Shapes.IsSimple(value) || depth > Depth)
        {
            AppendText(value is PSObject ? DisplayText.Of(value) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            return;
        }

        char separator;
        if (Shapes.IsSequence(value))
        {
            separator = '[';
            foreach (object? element in (IEnumerable)value)
            {
                _line.Append(separator);
                separator = ',';
                Append(element, depth + 1);
            }

            _line.Append(separator == '[' ? "[]" : "]");
            return;
        }

        separator = '{';
        if (value is PSObject bag)
        {
            foreach (PSPropertyInfo property in bag.Properties)
            {
                AppendMember(ref separator, property.Name, property.Value, depth);
            }
        }
        else
        {
            foreach (PropertyInfo property in Shapes.PropertiesOf(value))
            {
                AppendMember(ref separator, property.Name, property.GetValue(value), depth);
            }
        }

        _line.Append(separator == '{' ? "{}" : "}");
    }

    /// <summary>A real number keeps its point, so that it is read back as one; what JSON has no numbers for is text.</summary>
    private void AppendReal(string number)
    {
        if (!char.IsAsciiDigit(number[^1])) // NaN, Infinity
        {
            AppendText(number);
            return;
        }

        _line.Append(number).Append(number.AsSpan().IndexOfAny('.', 'E') < 0 ? ".0" : "");
    }

    private void AppendMember(ref char separator, string name, object? value, int depth)
    {
        _line.Append(separator);
        separator = ',';
        AppendText(name);
        _line.Append(':');
        Append(value, depth + 1);
    }

    private void AppendText(string text)
    {
        _line.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    _line.Append('\\').Append(c);
                    break;
                case '\n':
                    _line.Append("\\n");
                    break;
                case '\r':
                    _line.Append("\\r");
                    break;
                case '\t':
                    _line.Append("\\t");
                    break;
                default:
                    // What ends a line somewhere, or could not be encoded, is written by its number.
                    if (c < ' ' || c is '\u007f' or '\u0085' or '\u2028' or '\u2029' || char.IsSurrogate(c))
                    {
                        _line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    }
                    else
                    {
                        _line.Append(c);
                    }

                    break;
            }
        }

        _line.Append('"');
    }
}
