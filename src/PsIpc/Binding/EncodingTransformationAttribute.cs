using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Makes an <see cref="Encoding"/> of the name or code page that people type. No byte-order mark is ever written.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <summary>The names that completion offers: those of PowerShell's own cmdlets that make sense without a mark.</summary>
    internal static readonly ImmutableArray<string> Names = ["utf8", "ascii", "latin1", "unicode", "bigendianunicode", "utf32", "bigendianutf32"];

    /// <summary>What the encodings of .NET put for bytes that mean nothing; DecoderFallback.ReplacementFallback would put '?'.</summary>
    private static readonly DecoderReplacementFallback Replacement = new("\uFFFD");

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        Encoding encoding => Forgiving(encoding),
        string name => FromName(name),
        int codePage => FromCodePage(codePage),
        _ => wrapped,
    };

    /// <summary>
    /// Reading never throws, whatever the encoding that a script made for itself: what was received is out of its queue by then, and
    /// would be lost. What cannot be written stays an error of its object.
    /// </summary>
    private static Encoding Forgiving(Encoding encoding)
    {
        if (encoding.DecoderFallback is not DecoderExceptionFallback)
        {
            return encoding;
        }

        Encoding copy = (Encoding)encoding.Clone();
        copy.DecoderFallback = Replacement;
        return copy;
    }

    private static Encoding FromName(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case "UTF8" or "UTF8NOBOM":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            case "LATIN1":
                return Encoding.Latin1;
            case "BIGENDIANUNICODE":
                return Encoding.BigEndianUnicode;
            case "UTF32": // to .NET it is utf-32
                return new UTF32Encoding(bigEndian: false, byteOrderMark: false);
            case "BIGENDIANUTF32":
                return new UTF32Encoding(bigEndian: true, byteOrderMark: false);
            default:
                try
                {
                    return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int codePage)
                        ? FromCodePage(codePage)
                        : Encoding.GetEncoding(name);
                }
                catch (Exception e) when (e is ArgumentException or NotSupportedException) // utf-7 is known, and not given out
                {
                    throw Refused(name);
                }
        }
    }

    private static Encoding FromCodePage(int codePage)
    {
        try
        {
            return Encoding.GetEncoding(codePage);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Refused(codePage.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static FormatException Refused(string name) =>
        new(Sentences.Format("EncodingRefused", ("value", name), ("names", string.Join(", ", Names))));
}
