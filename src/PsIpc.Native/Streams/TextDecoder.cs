using System;
using System.Text;

namespace PsIpc.Native.Streams;

/// <summary>
/// Makes text of bytes that come in pieces, whatever the encoding: no character is cut in two, and an encoding with shift sequences
/// (iso-2022-jp) goes on in the state in which the last piece left it.
/// </summary>
public sealed class TextDecoder
{
    private readonly Decoder _decoder;

    /// <summary>Begins a text.</summary>
    /// <param name="encoding">Its encoding.</param>
    public TextDecoder(Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        _decoder = encoding.GetDecoder();
    }

    /// <summary>How many bytes from the beginning are whole characters: of one that is cut off, the rest is still to come.</summary>
    /// <param name="data">Bytes from the beginning of a character on.</param>
    public int WholeCharacters(ReadOnlySpan<byte> data)
    {
        // The decoder alone knows what a character is. What it keeps back of the end makes no character yet, so the shortest beginning with as
        // many characters ends with a whole one. What is kept back is a few bytes, but for a shift sequence after the other: found by halving.
        int count = _decoder.GetCharCount(data, flush: false);
        int whole = data.Length;
        int cut = data.Length; // too short, as soon as it is smaller than whole
        for (int back = 1; cut > 0 && cut == whole; back *= 2)
        {
            cut = Math.Max(0, data.Length - back);
            whole = _decoder.GetCharCount(data[..cut], flush: false) == count ? cut : whole;
        }

        while (whole - cut > 1)
        {
            int middle = cut + ((whole - cut) / 2);
            if (_decoder.GetCharCount(data[..middle], flush: false) == count)
            {
                whole = middle;
            }
            else
            {
                cut = middle;
            }
        }

        return whole;
    }

    /// <summary>The text of whole characters; what is not of the encoding becomes U+FFFD, unless the encoding was made to throw.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="isLast">Whether nothing comes after them: a character that is cut off will not be whole any more.</param>
    public string Decode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, isLast)];
        int count = _decoder.GetChars(bytes, characters, isLast);
        return new string(characters, 0, count);
    }
}
