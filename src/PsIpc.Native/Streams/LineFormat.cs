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
}
