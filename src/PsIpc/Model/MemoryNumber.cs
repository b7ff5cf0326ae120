using System;
using System.Linq;
using System.Management.Automation;
using PsIpc.Native.Memory;

namespace PsIpc;

/// <summary>Makes values of a type's own size of what PowerShell has.</summary>
internal static class MemoryNumber
{
    /// <summary>The value; null of what does not fit. No number becomes another: PowerShell rounds fractions away, and makes infinity of what is too large.</summary>
    internal static object? Convert(object? value, MemoryType type)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (bare is null or "" || (bare is not (bool or char or string) && Type.GetTypeCode(bare.GetType()) is < TypeCode.SByte or > TypeCode.Decimal && bare is not System.Numerics.BigInteger))
        {
            return null;
        }

        return !LanguagePrimitives.TryConvertTo(bare, type.ClrType, out object? converted)
            || (IsInteger(type) && HasFraction(bare)) || (IsInfinite(converted) && !IsInfinite(bare)) ? null : converted;
    }

    private static bool IsInteger(MemoryType type) => Type.GetTypeCode(type.ClrType) is >= TypeCode.SByte and <= TypeCode.UInt64;

    /// <summary>A decimal has all digits of 64 bits; what is beyond it is no integer type's either.</summary>
    private static bool HasFraction(object value) => value is float or double or decimal or string
        && LanguagePrimitives.TryConvertTo(value, out decimal number) && number != decimal.Truncate(number);

    private static bool IsInfinite(object? value) => value switch
    {
        float number => float.IsInfinity(number),
        double number => double.IsInfinity(number),
        string text => !text.Any(char.IsAsciiDigit), // the word, or its sign
        _ => false,
    };
}
