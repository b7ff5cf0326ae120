using System.Globalization;
using System.Linq;

namespace PsIpc;

/// <summary>Up to sixteen bytes of memory as people read them.</summary>
public sealed class SharedMemoryHexLine
{
    internal const int Width = 16;

    internal SharedMemoryHexLine(long offset, byte[] bytes)
    {
        Offset = offset;
        Bytes = bytes;
    }

    /// <summary>Where the first of the bytes is.</summary>
    public long Offset { get; }

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>The offset in hexadecimal digits.</summary>
    public string Address => Offset.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>The bytes in hexadecimal digits.</summary>
    public string Hex => string.Join(' ', Bytes.Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>The bytes as characters; a dot for what is none in ASCII.</summary>
    public string Text => string.Concat(Bytes.Select(one => one is >= 0x20 and < 0x7F ? (char)one : '.'));

    /// <summary>One line of a dump.</summary>
    public override string ToString() => $"{Address}  {Hex,-47}  {Text}";
}
