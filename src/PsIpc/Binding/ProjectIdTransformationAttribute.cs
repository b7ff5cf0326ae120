using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>
/// Makes the project number of ftok(3) of a number from 1 to 255 or of one character. A digit is a number, quoted or not;
/// [char]'5' is the character.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProjectIdTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override bool TakesArrays => true; // refuses them with a sentence of its own

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped)
    {
        string shown = value is IList list
            ? string.Join(',', list.Cast<object?>())
            : System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        int? number = value switch
        {
            char character => character,
            string typed when int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) => parsed,
            string { Length: 1 } character => character[0],
            byte or sbyte or short or ushort or int or uint or long when long.TryParse(shown, out long integer) && integer is > 0 and <= 255 => (int)integer,
            _ => null,
        };
        return number is > 0 and <= 255 ? (byte)number
            : throw new FormatException(Sentences.Format("ProjectIdRefused", ("value", shown)));
    }
}
