using System;
using System.Globalization;
using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>Makes enumeration values of names, of their unambiguous beginnings, and of numbers.</summary>
internal static class EnumConversion
{
    internal static bool TryConvert(object value, Type type, out object? result, out string? reason)
    {
        result = null;
        reason = null;
        bool isFlags = type.IsDefined(typeof(FlagsAttribute), inherit: false);
        if (value is string text)
        {
            ulong bits = 0;
            foreach (string part in isFlags ? text.Split(',') : [text])
            {
                if (!TryName(part.Trim(), type, out object? one, out reason))
                {
                    return false;
                }

                bits |= Convert.ToUInt64(one, CultureInfo.InvariantCulture);
            }

            result = Enum.ToObject(type, bits);
            return true;
        }

        if (!LanguagePrimitives.IsNumber(value)
            || !LanguagePrimitives.TryConvertTo(value, Enum.GetUnderlyingType(type), out object? number))
        {
            return false;
        }

        result = Enum.ToObject(type, number!);
        return IsValid(result, type, isFlags, out reason);
    }

    private static bool TryName(string name, Type type, out object? result, out string? reason)
    {
        reason = null;
        if (name.Length > 0 && (char.IsAsciiDigit(name[0]) || name[0] is '-' or '+'))
        {
            return Enum.TryParse(type, name, ignoreCase: true, out result)
                && IsValid(result, type, type.IsDefined(typeof(FlagsAttribute), inherit: false), out reason);
        }

        string? found = null;
        foreach (string one in Enum.GetNames(type))
        {
            if (one.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = one;
                break;
            }

            if (name.Length > 0 && one.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null)
                {
                    reason = $"\"{name}\" could be {found} or {one}. Give more of the name.";
                    result = null;
                    return false;
                }

                found = one;
            }
        }

        result = found is null ? null : Enum.Parse(type, found);
        reason ??= found is null ? NotOneOf(name, type) : null;
        return result is not null;
    }

    private static bool IsValid(object value, Type type, bool isFlags, out string? reason)
    {
        // The text of a value, or of flags, that has no names is a number.
        bool isNamed = isFlags ? !(value.ToString() is [>= '0' and <= '9', ..] or ['-', ..]) : Enum.IsDefined(type, value);
        reason = isNamed ? null : NotOneOf(value.ToString() ?? "", type);
        return isNamed;
    }

    private static string NotOneOf(string value, Type type) =>
        $"Cannot convert value \"{value}\" to type \"{type.FullName}\". Give one of: {string.Join(", ", Enum.GetNames(type))}.";
}
