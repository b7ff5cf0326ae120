namespace PsIpc.Host.Engine;

/// <summary>Characters that PowerShell takes for one another: what word processors make of dashes and quotes counts as well.</summary>
public static class Letters
{
    private const char NoBreakSpace = '\u00a0';
    private const char NextLine = '\u0085';

    /// <summary>A hyphen, or a dash of some width.</summary>
    /// <param name="c">The character.</param>
    public static bool IsDash(char c) => c is '-' or '\u2013' or '\u2014' or '\u2015';

    /// <summary>A straight or a typographic single quote.</summary>
    /// <param name="c">The character.</param>
    public static bool IsSingleQuote(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';

    /// <summary>A straight or a typographic double quote.</summary>
    /// <param name="c">The character.</param>
    public static bool IsDoubleQuote(char c) => c is '"' or '\u201c' or '\u201d' or '\u201e';

    /// <summary>White space within a line.</summary>
    /// <param name="c">The character.</param>
    public static bool IsSpace(char c) =>
        c is ' ' or '\t' or '\v' or '\f' or NoBreakSpace or NextLine || (c > '\u0100' && char.IsSeparator(c));

    /// <summary>What ends a word.</summary>
    /// <param name="c">The character.</param>
    public static bool EndsWord(char c) =>
        c is '\0' or '\n' or '\r' or '&' or '(' or ')' or ',' or ';' or '{' or '|' or '}' || IsSpace(c);

    /// <summary>What can begin the name of a variable after its dollar sign.</summary>
    /// <param name="c">The character.</param>
    public static bool BeginsVariable(char c) => c is '$' or ':' or '?' or '^' or '_' || char.IsLetterOrDigit(c);
}
