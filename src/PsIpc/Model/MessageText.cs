using System;
using System.Text;

namespace PsIpc;

/// <summary>Turns received bytes into text.</summary>
internal static class MessageText
{
    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        // One byte 0 ends a C string; where characters are wider, a byte 0 is part of an ordinary one.
        if (encoding.IsSingleByte || encoding is UTF8Encoding)
        {
            int end = bytes.IndexOf((byte)0);
            return encoding.GetString(end < 0 ? bytes : bytes[..end]);
        }

        string text = encoding.GetString(bytes);
        int nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0 ? text : text[..nul];
    }

    /// <summary>The same, with U+FFFD for what is no text, also where the encoding was made to throw: an object must always be shown.</summary>
    internal static string Show(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        Encoding lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = new DecoderReplacementFallback("\ufffd");
        return Decode(bytes, lenient);
    }
}
