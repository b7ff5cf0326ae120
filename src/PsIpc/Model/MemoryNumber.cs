using System;
using System.Linq;
using System.Management.Automation;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>Makes values of a type's own size of what PowerShell has.</summary>
internal static class MemoryNumber
{
    /// <summary>
    /// The value; null of what does not fit. No number becomes another: PowerShell rounds fractions away, makes infinity of what is too large, 0 of text
    /// without a character, and true of every other, "False" included.
    /// </summary>
    internal static object? Convert(object? value, MemoryType type)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (bare is null || (bare is string words && string.IsNullOrWhiteSpace(words))
            || (bare is not (bool or char or string) && Type.GetTypeCode(bare.GetType()) is < TypeCode.SByte or > TypeCode.Decimal && bare is not System.Numerics.BigInteger))
        {
            return null;
        }

        if (bare is string text && type.ClrType == typeof(bool))
        {
            return bool.TryParse(text, out bool flag) ? flag
                : LanguagePrimitives.TryConvertTo(text, out double number) && !double.IsNaN(number) ? number != 0 : null;
        }

        return !LanguagePrimitives.TryConvertTo(bare, type.ClrType, out object? converted)
            || (IsInteger(type) && HasFraction(bare)) || (IsInfinite(converted) && !IsInfinite(bare)) ? null : converted;
    }

    private static bool IsInteger(MemoryType type) => Type.GetTypeCode(type.ClrType) is >= TypeCode.SByte and <= TypeCode.UInt64;

    /// <summary>Of text both are asked: a decimal has more digits than a double, and a double smaller numbers.</summary>
    private static bool HasFraction(object value) => value switch
    {
        float number => number != MathF.Truncate(number),
        double number => number != Math.Truncate(number),
        decimal number => number != decimal.Truncate(number),
        string => (LanguagePrimitives.TryConvertTo(value, out double wide) && HasFraction(wide))
            || (LanguagePrimitives.TryConvertTo(value, out decimal exact) && HasFraction(exact)),
        _ => false,
    };

    private static bool IsInfinite(object? value) => value switch
    {
        float number => float.IsInfinity(number),
        double number => double.IsInfinity(number),
        string text => !text.Any(char.IsAsciiDigit), // the word, or its sign
        _ => false,
    };
}
