using System;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace PsIpc.Errors;

/// <summary>
/// The sentences that users read, from the one resource file; each stands under its ErrorId. A place in braces is filled
/// by name, {limit:NAME} with what the limit is now and where it stands.
/// </summary>
internal static partial class Sentences
{
    private static readonly ResourceManager Resources = new("PsIpc.Errors.Sentences", typeof(Sentences).Assembly);

    /// <summary>Whether there is a sentence of that name.</summary>
    internal static bool Exists(string key) => Resources.GetString(key, CultureInfo.InvariantCulture) is not null;

    /// <summary>The sentence of that name with its places filled.</summary>
    internal static string Format(string key, params (string Place, object? Value)[] values)
    {
        string template = Resources.GetString(key, CultureInfo.InvariantCulture)
            ?? throw new ArgumentException($"There is no sentence called {key}.", nameof(key));
        return Places.Replace(template, place => Fill(place.Groups[1].Value, values));
    }

    [GeneratedRegex(@"\{([a-z]+(?::[A-Za-z]+)?)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Places { get; }

    private static string Fill(string place, (string Place, object? Value)[] values)
    {
        if (place.StartsWith("limit:", StringComparison.Ordinal))
        {
            return Limits.Describe(place["limit:".Length..]);
        }

        foreach ((string name, object? value) in values)
        {
            if (name == place)
            {
                return Visible.Of(Convert.ToString(value, CultureInfo.InvariantCulture)); // a name of others stays on its line, and gives no orders to the terminal
            }
        }

        return "";
    }
}
