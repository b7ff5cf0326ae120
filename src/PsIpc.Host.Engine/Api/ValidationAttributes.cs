using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

/// <summary>Refuses arguments that a parameter cannot take.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ValidateArgumentsAttribute : CmdletMetadataAttribute
{
    /// <summary>Looks at an argument.</summary>
    /// <param name="arguments">The argument, converted.</param>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <exception cref="ValidationMetadataException">It is refused.</exception>
    protected abstract void Validate(object? arguments, EngineIntrinsics engineIntrinsics);

    internal void Check(object? arguments) => Validate(arguments, EngineIntrinsics.Instance);
}

/// <summary>Looks at every element of an array by itself.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    /// <summary>Looks at one element.</summary>
    /// <param name="element">The element.</param>
    protected abstract void ValidateElement(object? element);

    /// <inheritdoc/>
    protected sealed override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        object? value = PSObject.Unwrap(arguments);
        if (value is null)
        {
            throw new ValidationMetadataException("The argument is null. Give a value.");
        }

        if (value is IEnumerable elements and not string)
        {
            foreach (object? element in elements)
            {
                ValidateElement(element);
            }

            return;
        }

        ValidateElement(value);
    }
}

/// <summary>Accepts numbers of a range.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateRangeAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Makes one.</summary>
    /// <param name="minRange">The smallest.</param>
    /// <param name="maxRange">The largest, of the same type or one that the smallest converts to.</param>
    public ValidateRangeAttribute(object minRange, object maxRange)
    {
        // [ValidateRange(1, long.MaxValue)] hands over an int and a long.
        if (minRange is int small && maxRange is long)
        {
            minRange = (long)small;
        }
        else if (minRange is int && maxRange is ushort or short or byte or sbyte)
        {
            maxRange = Convert.ToInt32(maxRange, CultureInfo.InvariantCulture); // [ValidateRange(0, ushort.MaxValue)]
        }

        (MinRange, MaxRange) = (minRange, maxRange);
    }

    /// <summary>The smallest.</summary>
    public object MinRange { get; }

    /// <summary>The largest.</summary>
    public object MaxRange { get; }

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        object? value = PSObject.Unwrap(element);
        if (value is null || !LanguagePrimitives.TryConvertTo(value, MinRange.GetType(), out object? number))
        {
            throw new ValidationMetadataException($"The argument '{LanguagePrimitives.TextOf(element)}' is not a number of the range.");
        }

        if (((IComparable)MinRange).CompareTo(number) > 0)
        {
            throw new ValidationMetadataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {value} argument is less than the minimum allowed range of {MinRange}. Supply an argument that is greater than or equal to {MinRange} and then try the command again."));
        }

        if (((IComparable)MaxRange).CompareTo(number) < 0)
        {
            throw new ValidationMetadataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {value} argument is greater than the maximum allowed range of {MaxRange}. Supply an argument that is less than or equal to {MaxRange} and then try the command again."));
        }
    }
}

/// <summary>Accepts one of some words.</summary>
/// <param name="validValues">The words.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateSetAttribute(params string[] validValues) : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Whether upper and lower case mean the same.</summary>
    public bool IgnoreCase { get; set; } = true;

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        string text = LanguagePrimitives.TextOf(element);
        if (Array.FindIndex(validValues, one => string.Equals(one, text, IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) < 0)
        {
            throw new ValidationMetadataException($"'{text}' is none of {string.Join(", ", validValues)}.");
        }
    }
}

/// <summary>Accepts strings that match a regular expression.</summary>
/// <param name="regexPattern">The expression.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidatePatternAttribute([StringSyntax(StringSyntaxAttribute.Regex)] string regexPattern) : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        string text = LanguagePrimitives.TextOf(element);
        if (!Regex.IsMatch(text, regexPattern, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5)))
        {
            throw new ValidationMetadataException($"'{text}' does not match the pattern {regexPattern}.");
        }
    }
}

/// <summary>Accepts strings of some lengths.</summary>
/// <param name="minLength">The shortest.</param>
/// <param name="maxLength">The longest.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateLengthAttribute(int minLength, int maxLength) : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        int length = LanguagePrimitives.TextOf(element).Length;
        if (length < minLength || length > maxLength)
        {
            throw new ValidationMetadataException(string.Create(
                CultureInfo.InvariantCulture, $"The argument has {length} characters; {minLength} to {maxLength} are allowed."));
        }
    }
}

/// <summary>Accepts arrays of some lengths.</summary>
/// <param name="minLength">The shortest.</param>
/// <param name="maxLength">The longest.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateCountAttribute(int minLength, int maxLength) : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        int count = arguments is ICollection collection ? collection.Count : 1;
        if (count < minLength || count > maxLength)
        {
            throw new ValidationMetadataException(string.Create(
                CultureInfo.InvariantCulture, $"The argument has {count} elements; {minLength} to {maxLength} are allowed."));
        }
    }
}

/// <summary>Refuses null, and arrays that hold it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class ValidateNotNullAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        object? value = PSObject.Unwrap(arguments);
        if (value is null)
        {
            throw new ValidationMetadataException("The argument is null. Give a value, and run the command again.");
        }

        if (value is IEnumerable elements and not string)
        {
            foreach (object? element in elements)
            {
                if (PSObject.Unwrap(element) is null)
                {
                    throw new ValidationMetadataException("The array holds null. Give values only, and run the command again.");
                }
            }
        }
    }
}

/// <summary>Refuses null, empty strings and empty arrays, and arrays that hold them.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ValidateNotNullOrEmptyAttribute : ValidateNotNullAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        base.Validate(arguments, engineIntrinsics);
        object value = PSObject.Unwrap(arguments)!;
        bool isEmpty = value is string { Length: 0 };
        if (value is IEnumerable elements and not string)
        {
            isEmpty = true;
            foreach (object? element in elements)
            {
                isEmpty = PSObject.Unwrap(element) is string { Length: 0 };
                if (isEmpty)
                {
                    break;
                }
            }
        }

        if (isEmpty)
        {
            throw new ValidationMetadataException("The argument is empty, or holds something empty. Give a value, and run the command again.");
        }
    }
}
