using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PsIpc.Runtime.Graph;

/// <summary>Names of the system as text that can be shown: they may hold any bytes, and whoever made them may mean harm.</summary>
internal static class GraphText
{
    internal const string Partial = "Not all processes could be looked into.";

    /// <summary>
    /// The same with what cannot be seen, or changes how the rest is seen, written by its number: control characters, those that turn the direction of
    /// writing around, separators of lines. Bytes that are no UTF-8 are \x80.
    /// </summary>
    internal static string Visible(string text)
    {
        StringBuilder? result = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            string? instead = isPair ? null : c switch
            {
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                >= '\uDC80' and <= '\uDCFF' => string.Create(CultureInfo.InvariantCulture, $"\\x{c & 0xFF:x2}"),
                _ when char.IsSurrogate(c) || c == '\uFFFF' || c == '\uFFFE' => "\uFFFD",
                _ when char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => null,
            };
            if (instead is not null)
            {
                result ??= new StringBuilder(text, 0, i, text.Length + 16);
                result.Append(instead);
            }
            else
            {
                result?.Append(c);
                if (isPair)
                {
                    result?.Append(text[i + 1]);
                    i++;
                }
            }
        }

        return result?.ToString() ?? text;
    }

    /// <summary>A text of so many characters at most: of a longer one, how it begins and how it ends, which tells paths apart.</summary>
    internal static string Shorten(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        int head = longest / 3;
        int tail = text.Length - (longest - head - 1);
        head -= char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail += char.IsLowSurrogate(text[tail]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, head), "…", text.AsSpan(tail));
    }

    /// <summary>How many columns a text takes where all characters have one width; those of East Asia have two.</summary>
    internal static int Width(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += rune.Value >= 0x1100 && (rune.Value is <= 0x115F or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
                or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD)) ? 2 : 1;
        }

        return width;
    }

    /// <summary>What a graph says of itself besides its nodes and edges, a line each.</summary>
    internal static List<string> Remarks(IpcGraph graph)
    {
        List<string> lines = [];
        foreach (IpcDeadlock one in graph.Deadlocks)
        {
            lines.Add($"Deadlock ({one.Certainty}{(one.Doubts.Length > 0 ? ": " + DoubtsOf(one) : "")}): {Visible(string.Join("; ", one.Waits))}.");
        }

        if (graph.Attribution == "Partial")
        {
            lines.Add(Partial);
        }

        return lines;
    }

    /// <summary>The doubts of a circle in words.</summary>
    internal static string DoubtsOf(IpcDeadlock circle) => string.Join(", ", Array.ConvertAll(circle.Doubts, doubt => doubt switch
    {
        "OtherThreads" => "its processes have other threads",
        "HiddenHolders" => "others may have it open who cannot be seen",
        "FreeHolders" => "somebody who does not wait has it, too",
        "Candidates" => "who gives a semaphore back is not recorded",
        _ => "a wait has a time limit",
    }));
}
