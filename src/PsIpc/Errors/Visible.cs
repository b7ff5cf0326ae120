using System;
using System.Globalization;
using System.Text;

namespace PsIpc;

/// <summary>
/// Text of others, made fit for one line of a terminal: a name or a message may hold newlines, and sequences that move the
/// cursor or recolour what follows. What is addressed and compared stays as it is; only what is shown goes through here.
/// </summary>
internal static class Visible
{
    // More than any terminal is wide.
    private const int LineLength = 500;

    /// <summary>The text with each character that would act instead of being seen as \n, \t, \x1b or \u202e.</summary>
    internal static string Of(string? text)
    {
        if (text is null)
        {
            return "";
        }

        int first = 0;
        while (first < text.Length && !Acts(text, first))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        StringBuilder shown = new(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
        {
            _ = Acts(text, i) ? shown.Append(Escaped(text[i])) : shown.Append(text[i]);
        }

        return shown.ToString();
    }

    /// <summary>The same of a text that may be long: of its beginning.</summary>
    internal static string LineOf(string text) => Of(text.Length <= LineLength ? text : string.Concat(text.AsSpan(0, LineLength), "…"));

    private static bool Acts(string text, int index)
    {
        char one = text[index];
        return one < ' ' || (one >= '\x7F' && (char.IsControl(one)
            || one is (>= '\u200E' and <= '\u200F') or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') // lines, and directions
            || IsLone(text, index)));
    }

    // Half of a pair: a byte of a name that is no UTF-8 (NativeString).
    private static bool IsLone(string text, int index) => char.IsHighSurrogate(text[index])
        ? index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1])
        : char.IsLowSurrogate(text[index]) && (index == 0 || !char.IsHighSurrogate(text[index - 1]));

    private static string Escaped(char one) => one switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        >= '\uDC80' and <= '\uDCFF' => string.Create(CultureInfo.InvariantCulture, $@"\x{one - 0xDC00:x2}"),
        < '\u0100' => string.Create(CultureInfo.InvariantCulture, $@"\x{(int)one:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $@"\u{(int)one:x4}"),
    };
}
