using System;
using System.Globalization;
using System.Text;
using PsIpc.Host.Engine;

namespace PsIpc.Host.Parsing;

/// <summary>Reads the characters of a text: blanks, comments, quotes, escapes and words, as PowerShell's tokenizer does.</summary>
internal sealed class Scanner(string text)
{
    /// <summary>What stands for "nothing more"; the character NUL in a text is not told from it where words end.</summary>
    internal const char End = '\0';

    private const int MaximumUnicodeDigits = 6;

    internal int Position { get; private set; }

    internal int Line { get; private set; } = 1;

    internal bool IsAtEnd => Position >= text.Length;

    internal char Current => Peek(0);

    internal char Peek(int offset) => Position + offset < text.Length ? text[Position + offset] : End;

    internal char Take()
    {
        char c = text[Position++];
        if (c == '\n' || (c == '\r' && Current != '\n'))
        {
            Line++;
        }

        return c;
    }

    internal void Skip(int count)
    {
        for (int i = 0; i < count && !IsAtEnd; i++)
        {
            Take();
        }
    }

    internal SyntaxException Error(string message) => new(message, Line);

    internal string Slice(int start) => text[start..Position];

    /// <summary>Goes over blanks, comments and continued lines, but not over the end of the line.</summary>
    internal void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (Letters.IsSpace(Current))
            {
                Take();
            }
            else if (Current == '#')
            {
                SkipLineComment();
            }
            else if (Current == '<' && Peek(1) == '#')
            {
                SkipBlockComment();
            }
            else if (Current == '`' && (Peek(1) is '\n' or '\r' || char.IsWhiteSpace(Peek(1))))
            {
                Skip(Peek(1) == '\r' && Peek(2) == '\n' ? 3 : 2);
            }
            else if (Current == '`' && Position == text.Length - 1)
            {
                throw Error("The backtick at the end continues nothing.");
            }
            else
            {
                return;
            }
        }
    }

    internal void SkipBlanksAndLines()
    {
        SkipBlanks();
        while (Current is '\n' or '\r')
        {
            Take();
            SkipBlanks();
        }
    }

    /// <summary>
    /// Whether the next line begins with the pipe sign that continues this one; comments may stand between, empty lines
    /// may not. When so, goes up to it.
    /// </summary>
    internal bool TryContinueAtPipe()
    {
        (int position, int line) = (Position, Line);
        bool wasNewLine = false;
        while (!IsAtEnd)
        {
            if (Current is '\n' or '\r')
            {
                if (wasNewLine)
                {
                    break;
                }

                wasNewLine = true;
                Skip(Current == '\r' && Peek(1) == '\n' ? 2 : 1);
            }
            else if (Letters.IsSpace(Current))
            {
                Take();
            }
            else if (Current == '#' || (Current == '<' && Peek(1) == '#'))
            {
                wasNewLine = false;
                SkipBlanks();
            }
            else
            {
                break;
            }
        }

        if (Current == '|')
        {
            return true;
        }

        (Position, Line) = (position, line);
        return false;
    }

    /// <summary>The text in single quotes that begins here; a doubled quote stands for itself.</summary>
    internal string TakeSingleQuoted()
    {
        StringBuilder result = new();
        AppendSingleQuoted(result);
        return result.ToString();
    }

    /// <summary>The text in double quotes that begins here.</summary>
    internal string TakeDoubleQuoted()
    {
        StringBuilder result = new();
        AppendDoubleQuoted(result);
        return result.ToString();
    }

    /// <summary>The word that begins here, with what is quoted inside it.</summary>
    /// <param name="start">What was read of it already.</param>
    internal string TakeWord(string start = "")
    {
        StringBuilder word = new(start);
        while (!IsAtEnd && !Letters.EndsWord(Current))
        {
            if (Current == '`')
            {
                AppendEscape(word);
            }
            else if (Letters.IsSingleQuote(Current))
            {
                AppendSingleQuoted(word);
            }
            else if (Letters.IsDoubleQuote(Current))
            {
                AppendDoubleQuoted(word);
            }
            else
            {
                RefuseExpansion();
                word.Append(Take());
            }
        }

        return word.ToString();
    }

    /// <summary>How long the word is that begins here, as it stands: for numbers, which have no quotes in them.</summary>
    internal System.ReadOnlySpan<char> PeekWord()
    {
        int end = Position;
        while (end < text.Length && !Letters.EndsWord(text[end]))
        {
            end++;
        }

        return System.MemoryExtensions.AsSpan(text, Position, end - Position);
    }

    private void SkipLineComment()
    {
        const string directive = "#requires";
        if (text.AsSpan(Position).StartsWith(directive, StringComparison.OrdinalIgnoreCase) && Letters.IsSpace(Peek(directive.Length)))
        {
            throw Error("#Requires asks for something of PowerShell that psipc cannot check. Leave it out, or run this in pwsh.");
        }

        while (!IsAtEnd && Current is not ('\n' or '\r'))
        {
            Take();
        }
    }

    private void SkipBlockComment()
    {
        int line = Line;
        Skip(2);
        while (!(Current == '#' && Peek(1) == '>'))
        {
            if (IsAtEnd)
            {
                throw new SyntaxException("The comment that begins with <# has no end: #> is missing.", line);
            }

            Take();
        }

        Skip(2);
    }

    private void AppendSingleQuoted(StringBuilder result)
    {
        int line = Line;
        Take();
        while (true)
        {
            if (IsAtEnd)
            {
                throw new SyntaxException("A text in single quotes has no end: ' is missing.", line);
            }

            char c = Take();
            if (Letters.IsSingleQuote(c))
            {
                if (!Letters.IsSingleQuote(Current))
                {
                    return;
                }

                c = Take();
            }

            result.Append(c);
        }
    }

    private void AppendDoubleQuoted(StringBuilder result)
    {
        int line = Line;
        Take();
        while (true)
        {
            if (IsAtEnd)
            {
                throw new SyntaxException("A text in double quotes has no end: \" is missing.", line);
            }

            if (Current == '`')
            {
                AppendEscape(result);
                continue;
            }

            RefuseExpansion();
            char c = Take();
            if (Letters.IsDoubleQuote(c))
            {
                if (!Letters.IsDoubleQuote(Current))
                {
                    return;
                }

                c = Take();
            }

            result.Append(c);
        }
    }

    private void RefuseExpansion()
    {
        if (Current != '$')
        {
            return;
        }

        if (Peek(1) == '(')
        {
            throw Error("psipc evaluates nothing: $( ) is refused. Give the text itself, in single quotes if it holds a $.");
        }

        if (Peek(1) == '{' || Letters.BeginsVariable(Peek(1)))
        {
            throw Error("psipc has no variables to expand: a $ before a name is refused. Put the text in single quotes, or a backtick before the $.");
        }
    }

    /// <summary>A backtick and what it stands for with the character after it.</summary>
    private void AppendEscape(StringBuilder result)
    {
        Take();
        if (IsAtEnd)
        {
            result.Append('`');
            return;
        }

        char c = Take();
        if (c == 'u')
        {
            AppendUnicode(result);
            return;
        }

        result.Append(c switch
        {
            '0' => '\0',
            'a' => '\a',
            'b' => '\b',
            'e' => '\u001b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => c,
        });
    }

    private void AppendUnicode(StringBuilder result)
    {
        int start = Position + 1;
        int end = start;
        while (end < text.Length && char.IsAsciiHexDigit(text[end]))
        {
            end++;
        }

        if (Current != '{' || end == start || end - start > MaximumUnicodeDigits || end >= text.Length || text[end] != '}'
            || int.Parse(System.MemoryExtensions.AsSpan(text, start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var code
                && code > 0x10FFFF)
        {
            throw Error("After `u there must be one to six hexadecimal digits in braces, up to 10FFFF: `u{1F600}.");
        }

        Skip(end + 1 - Position);
        if (code <= char.MaxValue)
        {
            result.Append((char)code);
        }
        else
        {
            result.Append(char.ConvertFromUtf32(code));
        }
    }
}
