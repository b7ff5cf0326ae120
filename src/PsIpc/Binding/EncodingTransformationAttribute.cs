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

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        Encoding encoding => encoding,
        string name => FromName(name),
        int codePage => FromCodePage(codePage),
        _ => wrapped,
    };

    // pwsh registers .NET's code pages when it starts; psipc does not, so that a start costs nothing of it: they are asked by name here.
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
                        : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
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
            return CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) // utf-7 is known, and not given out
        {
            throw Refused(codePage.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static FormatException Refused(string name) =>
        new(Sentences.Format("EncodingRefused", ("value", name), ("names", string.Join(", ", Names))));
}
