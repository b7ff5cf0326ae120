using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text;
using PsIpc.Host.Engine;

namespace System.Management.Automation;

/// <summary>Converts values as PowerShell's language does.</summary>
public static class LanguagePrimitives
{
    /// <summary>Converts a value.</summary>
    /// <typeparam name="T">To what.</typeparam>
    /// <param name="valueToConvert">The value.</param>
    /// <param name="result">The converted value.</param>
    /// <returns>Whether that could be done.</returns>
    public static bool TryConvertTo<T>(object? valueToConvert, out T? result)
    {
        bool isConverted = TryConvertTo(valueToConvert, typeof(T), out object? value);
        result = isConverted ? (T?)value : default;
        return isConverted;
    }

    /// <summary>Converts a value.</summary>
    /// <param name="valueToConvert">The value.</param>
    /// <param name="resultType">To what.</param>
    /// <exception cref="PSInvalidCastException">That cannot be done.</exception>
    public static object? ConvertTo(object? valueToConvert, Type resultType)
    {
        ArgumentNullException.ThrowIfNull(resultType);
        return TryConvertTo(valueToConvert, resultType, out object? result, out string? reason) ? result
            : throw new PSInvalidCastException(
                reason ?? $"Cannot convert value \"{TextOf(valueToConvert)}\" to type \"{NameOf(resultType)}\".");
    }

    /// <summary>Converts a value.</summary>
    /// <param name="valueToConvert">The value.</param>
    /// <param name="resultType">To what.</param>
    /// <param name="result">The converted value.</param>
    /// <returns>Whether that could be done.</returns>
    public static bool TryConvertTo(object? valueToConvert, Type resultType, out object? result)
    {
        ArgumentNullException.ThrowIfNull(resultType);
        return TryConvertTo(valueToConvert, resultType, out result, out _);
    }

    /// <summary>A value as text: numbers as they were typed, or with a point; arrays with blanks between.</summary>
    internal static string TextOf(object? value)
    {
        switch (value)
        {
            case null:
                return "";
            case string text:
                return text;
            case PSObject wrapper:
                return wrapper.ToString();
            case Enum:
                return value.ToString() ?? "";
            case IFormattable number:
                return number.ToString(null, CultureInfo.InvariantCulture);
            case IList list:
                StringBuilder joined = new();
                for (int i = 0; i < list.Count; i++)
                {
                    joined.Append(i == 0 ? "" : " ").Append(TextOf(list[i]));
                }

                return joined.ToString();
            default:
                return value.ToString() ?? "";
        }
    }

    internal static bool IsNumber(object value) =>
        Type.GetTypeCode(value.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal && value is not Enum;

    private static bool TryConvertTo(object? wrapped, Type type, out object? result, out string? reason)
    {
        reason = null;
        object? value = PSObject.Unwrap(wrapped);
        Type? inner = Nullable.GetUnderlyingType(type);
        if (value is null)
        {
            result = type == typeof(string) ? "" : !type.IsValueType || inner is not null ? null : DefaultOf(type);
            return result is not null || !type.IsValueType || inner is not null;
        }

        type = inner ?? type;
        if (type.IsInstanceOfType(value))
        {
            result = value;
            return true;
        }

        if (type == typeof(string))
        {
            result = TextOf(wrapped);
            return true;
        }

        if (type == typeof(PSObject))
        {
            result = PSObject.AsPSObject(wrapped!);
            return true;
        }

        if (type.IsArray)
        {
            return TryConvertToArray(value, type.GetElementType()!, out result, out reason);
        }

        return type.IsEnum ? EnumConversion.TryConvert(value, type, out result, out reason)
            : Type.GetTypeCode(type) is not TypeCode.Object and not TypeCode.DateTime ? TryConvertToPrimitive(value, type, out result)
            : TryConvertToOther(value, type, out result, out reason);
    }

    private static object? DefaultOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => false,
        TypeCode.Char => '\0',
        >= TypeCode.SByte and <= TypeCode.Decimal when !type.IsEnum => Convert.ChangeType(0, type, CultureInfo.InvariantCulture),
        _ when type == typeof(SwitchParameter) => default(SwitchParameter),
        _ => null,
    };

    // Under AOT the array types of parameters exist, because the properties that have them do.
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only element types of parameters get here.")]
    private static bool TryConvertToArray(object value, Type elementType, out object? result, out string? reason)
    {
        reason = null;
        IList list = value as IList ?? new[] { value };
        Array converted = Array.CreateInstance(elementType, list.Count);
        result = converted;
        for (int i = 0; i < list.Count; i++)
        {
            if (!TryConvertTo(list[i], elementType, out object? element, out reason))
            {
                return false;
            }

            converted.SetValue(element, i);
        }

        return true;
    }

    /// <summary>What to call a type in sentences: a nullable number is a number.</summary>
    private static string? NameOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type).FullName;

    private static bool TryConvertToPrimitive(object value, Type type, out object? result)
    {
        result = null;
        if (type == typeof(bool))
        {
            result = value switch
            {
                string text => text.Length > 0,
                IList list => list.Count > 0,
                SwitchParameter flag => flag.IsPresent,
                _ when IsNumber(value) => Convert.ToDouble(value, CultureInfo.InvariantCulture) != 0,
                _ => true,
            };
            return true;
        }

        if (type == typeof(char) && value is string letters)
        {
            result = letters.Length == 1 ? letters[0] : null;
            return result is not null;
        }

        switch (value)
        {
            case string text when text.AsSpan().Trim().IsEmpty:
                value = 0;
                break;
            case string text when NumberLiteral.TryRead(text.AsSpan().Trim(), allowsSign: true, out object? number):
                value = number!;
                break;
            case string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal grouped):
                value = grouped; // 1,000
                break;
            case string:
                return false;
            case Enum:
                value = Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture);
                break;
            case SwitchParameter flag:
                value = flag.IsPresent;
                break;
            case BigInteger big:
                value = big >= long.MinValue && big <= long.MaxValue ? (object)(long)big : (double)big;
                break;
        }

        try
        {
            result = value is IConvertible and not DateTime ? Convert.ChangeType(value, type, CultureInfo.InvariantCulture) : null;
            return result is not null;
        }
        catch (Exception e) when (e is OverflowException or InvalidCastException or FormatException)
        {
            return false;
        }
    }

    private static bool TryConvertToOther(object value, Type type, out object? result, out string? reason)
    {
        reason = null;
        try
        {
            result = value switch
            {
                bool flag when type == typeof(SwitchParameter) => new SwitchParameter(flag),
                string text when type == typeof(DateTime) => DateTime.Parse(text, CultureInfo.InvariantCulture),
                string text when type == typeof(TimeSpan) => TimeSpan.Parse(text, CultureInfo.InvariantCulture),
                _ when type == typeof(TimeSpan) && IsNumber(value) => new TimeSpan(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
                string text when type == typeof(Guid) => Guid.Parse(text),
                string text when type == typeof(Uri) => new Uri(text, UriKind.RelativeOrAbsolute),
                string text when type == typeof(Version) => Version.Parse(text),
                string text when type == typeof(BigInteger) => BigInteger.Parse(text, CultureInfo.InvariantCulture),
                _ when type == typeof(BigInteger) && IsNumber(value) => new BigInteger(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
                string text => Parse(text, type),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            reason = $"Cannot convert value \"{TextOf(value)}\" to type \"{NameOf(type)}\". {e.Message}";
            result = null;
        }

        return result is not null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The types of parameters are kept whole.")]
    private static object? Parse(string text, Type type)
    {
        try
        {
            return type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string)])?.Invoke(null, [text]);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw new FormatException(e.InnerException.Message, e.InnerException);
        }
    }
}
