using System;
using System.Text;

namespace PsIpc.Native.Streams;

/// <summary>How lines lie in a stream of bytes: their encoding, and what ends them.</summary>
public sealed class LineFormat
{
    private readonly byte[] _newline;
    private readonly byte[] _return;

    /// <summary>Describes lines that end with a line feed, before which one carriage return is dropped.</summary>
    /// <param name="encoding">The encoding of the text.</param>
    public LineFormat(Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        Encoding = encoding;
        _newline = encoding.GetBytes("\n");
        _return = encoding.GetBytes("\r");
    }

    /// <summary>The encoding of the text.</summary>
    public Encoding Encoding { get; }

    /// <summary>What ends a line: one byte in most encodings, two or four in UTF-16 and UTF-32.</summary>
    public ReadOnlySpan<byte> Newline => _newline;

    /// <summary>Where a line's newline begins; -1 when there is none.</summary>
    /// <param name="data">Bytes from the beginning of a line on.</param>
    /// <param name="from">Bytes that were searched before.</param>
    internal int FindNewline(ReadOnlySpan<byte> data, int from)
    {
        int width = _newline.Length;
        if (width == 1)
        {
            int found = data[from..].IndexOf(_newline[0]);
            return found < 0 ? -1 : from + found;
        }

        // The same bytes may lie across two characters: only whole ones count.
        for (int at = from - (from % width); at + width <= data.Length; at += width)
        {
            if (data.Slice(at, width).SequenceEqual(_newline))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The text of a line; what is not of the encoding becomes U+FFFD, unless the encoding was made to throw.</summary>
    /// <param name="line">Its bytes, without the newline.</param>
    internal string Decode(ReadOnlySpan<byte> line) => Encoding.GetString(line.EndsWith(_return) ? line[..^_return.Length] : line);

    /// <summary>How many bytes from the beginning are whole characters: of one that is cut off, the rest is still to come.</summary>
    /// <param name="data">Bytes from the beginning of a character on.</param>
    public int WholeCharacters(ReadOnlySpan<byte> data)
    {
        if (Encoding is not UTF8Encoding)
        {
            int whole = data.Length - (data.Length % _newline.Length);
            bool isUtf16 = _newline.Length == 2 && whole >= 2;
            int high = !isUtf16 ? 0 : data[whole - (_newline[0] == 0 ? 2 : 1)]; // the more significant byte of the last unit
            return isUtf16 && high is >= 0xD8 and <= 0xDB ? whole - 2 : whole;
        }

        for (int back = 1; back <= Math.Min(3, data.Length); back++)
        {
            byte unit = data[^back];
            if ((unit & 0xC0) != 0x80)
            {
                int length = unit >= 0xF0 ? 4 : unit >= 0xE0 ? 3 : unit >= 0xC0 ? 2 : 1;
                return back < length ? data.Length - back : data.Length;
            }
        }

        return data.Length;
    }
}
