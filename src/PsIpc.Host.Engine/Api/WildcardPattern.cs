namespace System.Management.Automation;

/// <summary>Matches text against * ? and [a-z]; a backtick takes the meaning from the character after it.</summary>
public sealed class WildcardPattern
{
    private const char EscapeSign = '`';
    private readonly string _pattern;
    private readonly bool _ignoresCase;

    /// <summary>Makes a pattern in which upper and lower case differ.</summary>
    /// <param name="pattern">The pattern.</param>
    public WildcardPattern(string pattern)
        : this(pattern, WildcardOptions.None)
    {
    }

    /// <summary>Makes a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="options">How it matches.</param>
    public WildcardPattern(string pattern, WildcardOptions options)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        (_pattern, _ignoresCase) = (pattern, (options & WildcardOptions.IgnoreCase) != 0);
    }

    /// <summary>Whether text holds a character that a pattern would take for a wildcard.</summary>
    /// <param name="pattern">The text.</param>
    public static bool ContainsWildcardCharacters(string pattern)
    {
        for (int i = 0; i < (pattern?.Length ?? 0); i++)
        {
            if (pattern![i] == EscapeSign)
            {
                i++;
            }
            else if (pattern[i] is '*' or '?' or '[' or ']')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Text as a pattern that matches it alone.</summary>
    /// <param name="pattern">The text.</param>
    public static string Escape(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Text.StringBuilder text = new(pattern.Length);
        foreach (char c in pattern)
        {
            text.Append(c is '*' or '?' or '[' or ']' or EscapeSign ? "`" : "").Append(c);
        }

        return text.ToString();
    }

    /// <summary>Takes the backticks away.</summary>
    /// <param name="pattern">A pattern without wildcards.</param>
    public static string Unescape(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (!pattern.Contains(EscapeSign, StringComparison.Ordinal))
        {
            return pattern;
        }

        Text.StringBuilder text = new(pattern.Length);
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == EscapeSign && i + 1 < pattern.Length && pattern[i + 1] is '*' or '?' or '[' or ']' or EscapeSign)
            {
                i++;
            }

            text.Append(pattern[i]);
        }

        return text.ToString();
    }

    /// <summary>Whether a text matches.</summary>
    /// <param name="input">The text.</param>
    /// <exception cref="WildcardPatternException">A bracket is not closed.</exception>
    public bool IsMatch(string input)
    {
        // Greedy with one step back: a later star makes the earlier ones final.
        int text = 0, pattern = 0, star = -1, resume = 0;
        input ??= "";
        while (text < input.Length)
        {
            if (pattern < _pattern.Length && _pattern[pattern] == '*')
            {
                star = ++pattern;
                resume = text;
                continue;
            }

            int next = pattern;
            if (pattern < _pattern.Length && MatchesOne(input[text], ref next))
            {
                pattern = next;
                text++;
            }
            else if (star >= 0)
            {
                pattern = star;
                text = ++resume;
            }
            else
            {
                CheckRest(pattern);
                return false;
            }
        }

        while (pattern < _pattern.Length && _pattern[pattern] == '*')
        {
            pattern++;
        }

        CheckRest(pattern);
        return pattern == _pattern.Length;
    }

    /// <summary>What could not match may still be no pattern at all.</summary>
    private void CheckRest(int pattern)
    {
        while (pattern < _pattern.Length)
        {
            MatchesOne('\0', ref pattern);
        }
    }

    private bool MatchesOne(char c, ref int pattern)
    {
        char p = _pattern[pattern++];
        switch (p)
        {
            case '?':
                return true;
            case '[':
                return MatchesBracket(c, ref pattern);
            case EscapeSign when pattern < _pattern.Length:
                p = _pattern[pattern++];
                break;
        }

        return AreSame(c, p);
    }

    private bool MatchesBracket(char c, ref int pattern)
    {
        bool matches = false;
        int start = pattern;
        while (pattern < _pattern.Length && (_pattern[pattern] != ']' || pattern == start))
        {
            char first = Take(ref pattern);
            char last = first;
            if (pattern + 1 < _pattern.Length && _pattern[pattern] == '-' && _pattern[pattern + 1] != ']')
            {
                pattern++;
                last = Take(ref pattern);
            }

            matches |= IsBetween(c, first, last);
        }

        if (pattern >= _pattern.Length)
        {
            throw new WildcardPatternException($"The wildcard pattern '{_pattern}' has a bracket that is not closed. Put a backtick before it if it is meant as a character.");
        }

        pattern++;
        return matches;
    }

    private char Take(ref int pattern)
    {
        if (_pattern[pattern] == EscapeSign && pattern + 1 < _pattern.Length)
        {
            pattern++;
        }

        return _pattern[pattern++];
    }

    private bool IsBetween(char c, char first, char last) => _ignoresCase
        ? (char.ToUpperInvariant(c) >= char.ToUpperInvariant(first) && char.ToUpperInvariant(c) <= char.ToUpperInvariant(last))
            || (char.ToLowerInvariant(c) >= char.ToLowerInvariant(first) && char.ToLowerInvariant(c) <= char.ToLowerInvariant(last))
        : c >= first && c <= last;

    private bool AreSame(char one, char other) =>
        one == other || (_ignoresCase && char.ToUpperInvariant(one) == char.ToUpperInvariant(other));
}
