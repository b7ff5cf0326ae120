using PsIpc.Host.Engine;

namespace PsIpc.Host.Parsing;

/// <summary>What PowerShell reads and psipc does not: each by its name, with what to do instead.</summary>
internal sealed partial class Parser
{
    private const string NotALanguage = "psipc runs pipelines of PsIpc cmdlets and is no scripting language: ";

    private static string[] Keywords =>
    [
        "begin", "break", "catch", "class", "clean", "configuration", "continue", "data", "define", "do", "dynamicparam", "else",
        "elseif", "end", "enum", "exit", "filter", "finally", "for", "foreach", "from", "function", "if", "in", "param", "process",
        "return", "static", "switch", "throw", "trap", "try", "until", "using", "var", "while",
    ];

    /// <summary>'text'.Length and the like: PowerShell would look at the text's members.</summary>
    private void RefuseMember()
    {
        char c = _scanner.Current;
        char next = _scanner.Peek(1);
        bool isMember = (c == '.' && next != '.' && !Letters.IsSpace(next) && next is not (Scanner.End or '\r' or '\n'))
            || (c == ':' && next == ':')
            || c == '['
            || (c == '?' && next is '.' or '[');
        if (isMember)
        {
            throw Refused("members of values are refused. Put a blank after the quote if this is another argument.");
        }
    }

    private void RefuseBeginning()
    {
        char c = _scanner.Current;
        string? reason = c switch
        {
            '$' when _scanner.Peek(1) == '(' => "$( ) is refused. Write the cmdlet by itself.",
            '$' => $"the variable {_scanner.PeekWord()} is refused. Only $input | at the beginning is known.",
            '&' when _scanner.Peek(1) == '&' => "&& is refused. Use the shell's own, between two calls of psipc.",
            '&' => "the call operator & is refused. Write the cmdlet's name without it.",
            '.' when Letters.EndsWord(_scanner.Peek(1)) || _scanner.Peek(1) is '$' or '\'' or '"' => "dot sourcing is refused. Run a file with psipc -f FILE.",
            '[' => "types and attributes are refused. Give the value itself: the cmdlet converts it.",
            ',' => "a comma before the first value is refused. Give bytes as an argument in pwsh.",
            '+' or '!' or '-' or '\u2013' or '\u2014' or '\u2015' => "expressions are refused. A line begins with a cmdlet, a text in quotes, a number or $input.",
            _ => null,
        };
        if (reason is not null)
        {
            throw Refused(reason);
        }

        RefuseInArgument(c);
    }

    private void RefuseInArgument(char c)
    {
        if (ReasonAgainst(c, _scanner.Peek(1)) is { } reason)
        {
            throw Refused(reason);
        }

        if (c is ')' or '}' || (c == Scanner.End && _scanner.PeekWord().IsEmpty))
        {
            throw Unexpected();
        }
    }

    private static string? ReasonAgainst(char c, char next) => c switch
    {
        '(' => "expressions in parentheses are refused. Give the value itself, or make two calls.",
        '{' => "script blocks are refused. Use pwsh for them.",
        '@' when next == '{' => "hashtables are refused. Use pwsh for them.",
        '@' when next == '(' => "@( ) is refused. Write the values with commas between.",
        '@' when Letters.IsSingleQuote(next) || Letters.IsDoubleQuote(next) => "here-strings are refused. Put the text in plain quotes, which may hold line ends.",
        '@' => "splatting is refused. Write the parameters out, or put the @ in quotes.",
        '$' when next == '(' => "$( ) is refused. Give the value itself, or make two calls.",
        '&' when next == '&' => "&& is refused. Use the shell's own, between two calls of psipc.",
        '&' => "background jobs (&) are refused. Put psipc itself in the background.",
        '<' => "redirection is refused. Redirect psipc itself, outside the quotes, and begin with $input |.",
        '>' => "redirection is refused. Redirect psipc itself, outside the quotes.",
        '*' or (>= '1' and <= '6') when next == '>' => "redirection is refused. Redirect psipc itself, outside the quotes.",
        _ => null,
    };

    private SyntaxException Refused(string reason) => _scanner.Error(NotALanguage + reason);

    private SyntaxException Unexpected() =>
        ReasonAgainst(_scanner.Current, _scanner.Peek(1)) is { } reason ? Refused(reason)
        : _scanner.Current == Scanner.End ? _scanner.Error("The character NUL cannot stand here.")
        : _scanner.Error($"Unexpected '{_scanner.Current}'.");
}
