using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PsIpc.Bench;

/// <summary>The report, for people or for programs.</summary>
internal static class Report
{
    private static readonly string[] Headings = ["who", "median", "min", "max", "unit", "ratio", "of mins", "goal"];

    internal static string ToTable(IReadOnlyList<Row> rows)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Where()}\n");
        foreach (IGrouping<string, Row> section in rows.GroupBy(row => row.Section))
        {
            List<string[]> cells = [Headings, .. section.Select(ToCells)];
            int[] widths = [.. Enumerable.Range(0, Headings.Length).Select(column => cells.Max(line => line[column].Length))];
            text.Append(CultureInfo.InvariantCulture, $"\n{section.Key}\n");
            foreach ((string[] line, Row? row) in cells.Zip(section.Cast<Row?>().Prepend(null)))
            {
                text.Append("  ").Append(line[0].PadRight(widths[0]));
                if (row?.Note is not null)
                {
                    text.Append("  ").Append(row.Note).Append('\n');
                    continue;
                }

                for (int column = 1; column < line.Length; column++)
                {
                    bool isText = Headings[column] is "unit" or "ratio";
                    text.Append("  ").Append(isText ? line[column].PadRight(widths[column]) : line[column].PadLeft(widths[column]));
                }

                text.Length -= TrailingBlanks(text);
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    internal static string ToJson(IReadOnlyList<Row> rows)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("where", Where());
            json.WriteStartArray("rows");
            foreach (Row row in rows)
            {
                json.WriteStartObject();
                json.WriteString("section", row.Section);
                json.WriteString("contender", row.Contender);
                json.WriteString("unit", row.Unit);
                WriteNumber(json, "median", row.Median);
                WriteNumber(json, "minimum", row.Minimum);
                WriteNumber(json, "maximum", row.Maximum);
                json.WriteString("ratioTo", row.RatioTo);
                WriteNumber(json, "ratio", row.Ratio);
                WriteNumber(json, "ratioOfMinima", row.MinimumRatio);
                WriteNumber(json, "goal", row.Goal);
                json.WriteString("note", row.Note);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Where() => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTime.Now:yyyy-MM-dd HH:mm}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()} {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}");

    private static string[] ToCells(Row row) =>
    [
        row.Contender,
        Number(row.Median),
        Number(row.Minimum),
        Number(row.Maximum),
        row.Unit,
        row.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} x {row.RatioTo}") : "",
        row.MinimumRatio is { } least ? string.Create(CultureInfo.InvariantCulture, $"{least:0.00}") : "",
        row.Goal is { } goal ? string.Create(CultureInfo.InvariantCulture, $"<= {goal:0.##}") : "",
    ];

    private static string Number(double? value) => value switch
    {
        null => "",
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static int TrailingBlanks(StringBuilder text)
    {
        int count = 0;
        while (count < text.Length && text[text.Length - 1 - count] == ' ')
        {
            count++;
        }

        return count;
    }
}
