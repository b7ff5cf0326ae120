using System;
using System.Text;

namespace PsIpc;

/// <summary>Text as programs have it in memory.</summary>
internal static class MemoryText
{
    /// <summary>The text up to its first NUL, which has as many bytes as the encoding's characters; all where there is none.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        int end = IndexOfNul(bytes, encoding);
        return encoding.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Where the first NUL is; -1 when there is none.</summary>
    internal static int IndexOfNul(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        int width = encoding.GetByteCount("\0");
        if (width == 1)
        {
            return bytes.IndexOf((byte)0);
        }

        for (int i = 0; i + width <= bytes.Length; i += width)
        {
            if (!bytes.Slice(i, width).ContainsAnyExcept((byte)0))
            {
                return i;
            }
        }

        return -1;
    }
}
