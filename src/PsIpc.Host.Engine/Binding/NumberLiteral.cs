using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;

namespace PsIpc.Host.Engine;

/// <summary>
/// Reads numbers as PowerShell writes them: decimal, 0x and 0b, with a type suffix (5l, 5uy, 1.5d) and a multiplier (4kb).
/// </summary>
public static class NumberLiteral
{
    private const int FastDecimalDigits = 18;
    private const int Int32HexDigits = 8;
    private const int Int64HexDigits = 16;

    [Flags]
    private enum Suffix
    {
        None = 0,
        Unsigned = 1,
        Byte = 2,
        Short = 4,
        Long = 8,
        Decimal = 16,
        Big = 32,
    }

    /// <summary>Reads a text that must be a number from its first to its last character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowsSign">Whether it may begin with a sign: not on a command line, where -5 is a word.</param>
    /// <param name="value">The number, in the narrowest type from Int32 on that PowerShell gives it.</param>
    public static bool TryRead(ReadOnlySpan<char> text, bool allowsSign, out object? value)
    {
        value = null;
        bool isNegative = false;
        if (allowsSign && text.Length > 0 && (text[0] == '+' || Letters.IsDash(text[0])))
        {
            isNegative = text[0] != '+';
            text = text[1..];
        }

        if (text.IsEmpty || !(char.IsAsciiDigit(text[0]) || (text[0] == '.' && text.Length > 1 && char.IsAsciiDigit(text[1]))))
        {
            return false;
        }

        return TryReadSmall(text, isNegative, out value) || TryReadAny(text, isNegative, out value);
    }

    /// <summary>The value of a number on a command line: with its text where the two differ.</summary>
    /// <param name="value">The number.</param>
    /// <param name="text">How it was typed.</param>
    public static object WithText(object value, string text) =>
        string.Equals(LanguagePrimitives.TextOf(value), text, StringComparison.Ordinal) ? value : new PSObject(value, text);

    /// <summary>Plain decimal integers, which nearly all are: read without the library of big integers, which takes long to load.</summary>
    private static bool TryReadSmall(ReadOnlySpan<char> text, bool isNegative, out object? value)
    {
        value = null;
        if (text.Length > FastDecimalDigits || text.ContainsAnyExceptInRange('0', '9'))
        {
            return TryReadSmallHex(text, isNegative, out value);
        }

        long number = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        value = Narrowest(isNegative ? -number : number);
        return true;
    }

    private static bool TryReadSmallHex(ReadOnlySpan<char> text, bool isNegative, out object? value)
    {
        value = null;
        if (isNegative || text.Length < 2 || text[0] != '0' || (text[1] | 0x20) != 'x')
        {
            return false;
        }

        ReadOnlySpan<char> digits = text[2..];
        if (digits.Length is 0 or > Int64HexDigits || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits))
        {
            return false;
        }

        // Eight digits are the bits of an Int32, sixteen those of an Int64: the first may be its sign.
        value = digits.Length == Int64HexDigits ? (object)unchecked((long)bits)
            : digits.Length == Int32HexDigits ? (object)unchecked((int)bits)
            : Narrowest((long)bits);
        return true;
    }

    [SuppressMessage("Performance", "CA1859:Use concrete types", Justification = "The analyzer overlooks that an Int32 is boxed.")]
    private static object Narrowest(long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            return (int)number;
        }

        return number;
    }

    private static bool TryReadAny(ReadOnlySpan<char> text, bool isNegative, out object? value)
    {
        value = null;
        char format = text.Length > 1 && text[0] == '0' ? char.ToLowerInvariant(text[1]) : '\0';
        ReadOnlySpan<char> digits;
        bool isReal = false;
        if (format is 'x' or 'b')
        {
            int end = 2;
            while (end < text.Length && (format == 'x' ? char.IsAsciiHexDigit(text[end]) : text[end] is '0' or '1'))
            {
                end++;
            }

            digits = text[2..end];
            text = text[end..];
            if (format == 'b' && digits.IsEmpty)
            {
                return false;
            }
        }
        else
        {
            format = '\0';
            if (!TryTakeDecimal(text, out int end, out isReal))
            {
                return false;
            }

            digits = text[..end];
            text = text[end..];
        }

        if (!TryTakeSuffix(ref text, out Suffix suffix) || !TryTakeMultiplier(ref text, out long multiplier) || !text.IsEmpty)
        {
            return false;
        }

        try
        {
            value = isReal ? FromReal(digits, isNegative, suffix, multiplier) : FromInteger(digits, format, isNegative, suffix, multiplier);
        }
        catch (OverflowException)
        {
            // Out of its type's range: no number, then.
        }

        return value is not null;
    }

    private static bool TryTakeDecimal(ReadOnlySpan<char> text, out int end, out bool isReal)
    {
        end = 0;
        isReal = false;
        SkipDigits(text, ref end);
        if (end < text.Length && text[end] == '.')
        {
            if (end + 1 < text.Length && text[end + 1] == '.')
            {
                return false; // a range, in a place where it is a word
            }

            isReal = true;
            end++;
            SkipDigits(text, ref end);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            isReal = true;
            end++;
            if (end < text.Length && (text[end] == '+' || Letters.IsDash(text[end])))
            {
                end++;
            }

            int start = end;
            SkipDigits(text, ref end);
            if (end == start)
            {
                return false;
            }
        }

        return true;
    }

    private static void SkipDigits(ReadOnlySpan<char> text, ref int end)
    {
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }
    }

    private static bool TryTakeSuffix(ref ReadOnlySpan<char> text, out Suffix suffix)
    {
        suffix = text.IsEmpty ? Suffix.None : Of(text[0]);
        if (suffix == Suffix.None)
        {
            return true;
        }

        // y by itself is a signed byte; u goes before y, s and l.
        text = text[1..];
        Suffix second = text.IsEmpty ? Suffix.None : Of(text[0]);
        if (second == Suffix.None)
        {
            return true;
        }

        text = text[1..];
        bool isPair = suffix == Suffix.Unsigned && second is Suffix.Byte or Suffix.Short or Suffix.Long;
        suffix |= second;
        return isPair;
    }

    private static Suffix Of(char letter) => char.ToLowerInvariant(letter) switch
    {
        'u' => Suffix.Unsigned,
        'y' => Suffix.Byte,
        's' => Suffix.Short,
        'l' => Suffix.Long,
        'd' => Suffix.Decimal,
        'n' => Suffix.Big,
        _ => Suffix.None,
    };

    private static bool TryTakeMultiplier(ref ReadOnlySpan<char> text, out long multiplier)
    {
        multiplier = 1;
        if (text.IsEmpty)
        {
            return true;
        }

        int power = "kmgtp".IndexOf(char.ToLowerInvariant(text[0]), StringComparison.Ordinal);
        if (power < 0 || text.Length < 2 || text[1] is not ('b' or 'B'))
        {
            return false;
        }

        multiplier = 1L << (10 * (power + 1));
        text = text[2..];
        return true;
    }

    private static object? FromReal(ReadOnlySpan<char> digits, bool isNegative, Suffix suffix, long multiplier)
    {
        string text = digits.ToString();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '-' && Letters.IsDash(text[i]))
            {
                text = text.Replace(text[i], '-');
            }
        }

        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (suffix == Suffix.Decimal)
        {
            return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out decimal exact) ? (isNegative ? -exact : exact) * multiplier : null;
        }

        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out double real))
        {
            return null;
        }

        real = (isNegative ? -real : real) * multiplier;
        return suffix == Suffix.None ? (object)real : double.IsFinite(real) ? Typed(new BigInteger(Math.Round(real)), suffix) : null;
    }

    private static object? FromInteger(ReadOnlySpan<char> digits, char format, bool isNegative, Suffix suffix, long multiplier)
    {
        if (format == '\0')
        {
            BigInteger number = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * multiplier;
            return Typed(isNegative ? -number : number, suffix, fallsBack: true);
        }

        int bitsPerDigit = format == 'x' ? 4 : 1;
        BigInteger bits = BigInteger.Zero;
        foreach (char digit in digits)
        {
            bits = (bits << bitsPerDigit) + Convert.ToInt32(digit.ToString(), 16);
        }

        int width = digits.Length * bitsPerDigit;
        bool isWide = width == 64;
        if ((suffix & Suffix.Unsigned) == 0 && HasSign(format, width, suffix) && !(bits >> (width - 1)).IsZero)
        {
            bits -= BigInteger.One << width; // the first bit is the sign
        }

        if (isWide && suffix is Suffix.None or Suffix.Unsigned)
        {
            suffix |= Suffix.Long;
        }

        bits *= multiplier;
        return Typed(isNegative ? -bits : bits, suffix);
    }

    /// <summary>Whether so many bits are all that their type has, so that the first is its sign.</summary>
    private static bool HasSign(char format, int width, Suffix suffix) => format == 'b'
        ? width is 8 or 16 or 32 or 64 or 96 or >= 128
        : width == suffix switch
        {
            Suffix.Byte => 8,
            Suffix.Short => 16,
            Suffix.Long => 64,
            _ => width < 60 ? 32 : 64,
        };

    private static object? Typed(BigInteger number, Suffix suffix, bool fallsBack = false)
    {
        switch (suffix)
        {
            case Suffix.Byte:
                return checked((sbyte)number);
            case Suffix.Byte | Suffix.Unsigned:
                return checked((byte)number);
            case Suffix.Short:
                return checked((short)number);
            case Suffix.Short | Suffix.Unsigned:
                return checked((ushort)number);
            case Suffix.Long:
                return checked((long)number);
            case Suffix.Long | Suffix.Unsigned:
                return checked((ulong)number);
            case Suffix.Unsigned:
                return number <= uint.MaxValue ? (object)checked((uint)number) : checked((ulong)number);
            case Suffix.Decimal:
                return (decimal)number;
            case Suffix.Big:
                return number;
            default:
                if (number >= long.MinValue && number <= long.MaxValue)
                {
                    return Narrowest((long)number);
                }

                return !fallsBack ? null
                    : BigInteger.Abs(number) <= new BigInteger(decimal.MaxValue) ? (object)(decimal)number
                    : (double)number;
        }
    }
}
