using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>
/// Makes a <see cref="TimeSpan"/> of a duration as people type it: a number of seconds, or a number with ms, s, m, h or d.
/// PowerShell by itself would take 5 for 5 ticks.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class DurationTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override bool TakesArrays => true; // refuses them with a sentence of its own

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        TimeSpan time => time >= TimeSpan.Zero ? time : throw Refused(time.ToString("c", CultureInfo.InvariantCulture)),
        string typed => Parse(typed),

        // 5d is the decimal 5 to PowerShell and 5s the Int16 5, 5kb is 5120; what was typed says what is meant.
        _ when text is not null && !char.IsAsciiDigit(text[^1]) && value is IConvertible => Parse(text),
        decimal or short => throw new FormatException(
            Sentences.Format("DurationAmbiguous", ("value", System.Convert.ToString(value, CultureInfo.InvariantCulture)))),
        byte or sbyte or ushort or int or uint or long or ulong or double or float => FromSeconds(
            System.Convert.ToDouble(value, CultureInfo.InvariantCulture), System.Convert.ToString(value, CultureInfo.InvariantCulture)),
        IList list => throw Refused(string.Join(',', list.Cast<object?>())),
        // A hashtable included: PowerShell would make zero seconds of an empty one.
        bool or char or DateTime or IDictionary => throw Refused(System.Convert.ToString(value, CultureInfo.InvariantCulture)),
        _ => wrapped,
    };

    [GeneratedRegex(@"^\s*(?<number>[0-9]+(\.[0-9]+)?|\.[0-9]+)\s*(?<unit>ms|s|m|h|d)?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }

    private static TimeSpan Parse(string text)
    {
        Match match = Pattern.Match(text);
        if (match.Success)
        {
            double number = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            return FromSeconds(number * SecondsPer(match.Groups["unit"].Value), text);
        }

        // [-][d.]hh:mm:ss, as a TimeSpan writes itself.
        return text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) && time >= TimeSpan.Zero
                ? time
                : throw Refused(text);
    }

    // Anything but a finite number of seconds that a TimeSpan can hold is refused, NaN included.
    private static TimeSpan FromSeconds(double seconds, string? text) =>
        seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw Refused(text);

    // Upper and lower case mean the same: there are no megaseconds to mix up.
    private static double SecondsPer(string unit) => unit switch
    {
        "ms" or "MS" or "Ms" or "mS" => 0.001,
        "m" or "M" => 60,
        "h" or "H" => 3600,
        "d" or "D" => 86400,
        _ => 1,
    };

    private static FormatException Refused(string? text) => new(Sentences.Format("DurationRefused", ("value", text)));
}
