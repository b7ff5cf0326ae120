using System;
using System.Collections.Generic;
using PsIpc.Host.Engine;

namespace PsIpc.Host.Parsing;

/// <summary>Reads pipelines of cmdlets with literal arguments, exactly as PowerShell reads them; refuses the rest by name.</summary>
internal sealed partial class Parser
{
    private readonly Scanner _scanner;

    private Parser(string text) => _scanner = new Scanner(text);

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="SyntaxException">Something in it cannot be read, or is refused.</exception>
    internal static List<PipelineSyntax> Parse(string text) => new Parser(text).ParseText();

    private List<PipelineSyntax> ParseText()
    {
        List<PipelineSyntax> pipelines = [];
        while (true)
        {
            _scanner.SkipBlanksAndLines();
            if (_scanner.Current == ';')
            {
                _scanner.Take();
                continue;
            }

            if (_scanner.IsAtEnd)
            {
                return pipelines;
            }

            pipelines.Add(ParsePipeline());
            if (!_scanner.IsAtEnd && _scanner.Current is not ('\n' or '\r' or ';'))
            {
                throw Unexpected();
            }
        }
    }

    private PipelineSyntax ParsePipeline()
    {
        int line = _scanner.Line;
        List<CommandSyntax> commands = [];
        List<object?>? values = null;
        bool readsInput = TryTakeInput();
        if (readsInput)
        {
            if (!AtPipe())
            {
                throw _scanner.Error("After $input there must be a | and the cmdlet that takes the lines: $input | Send-SysVMessage 0x5053.");
            }
        }
        else if (AtLiteral())
        {
            values = ParseLiterals();
        }
        else if (_scanner.Current == '|')
        {
            throw _scanner.Error("A cmdlet is missing before |.");
        }
        else
        {
            commands.Add(ParseCommand());
        }

        while (AtPipe())
        {
            _scanner.Take();
            _scanner.SkipBlanksAndLines();
            if (_scanner.IsAtEnd || _scanner.Current is '|' or ';')
            {
                throw _scanner.Error("A cmdlet is missing after |.");
            }

            if (AtLiteral())
            {
                throw _scanner.Error("A value can only stand at the beginning of a pipeline.");
            }

            commands.Add(ParseCommand());
        }

        return new PipelineSyntax(line, readsInput, values, commands);
    }

    private bool AtPipe()
    {
        _scanner.SkipBlanks();
        if (_scanner.Current is '\n' or '\r')
        {
            _scanner.TryContinueAtPipe();
        }

        if (_scanner.Current == '|' && _scanner.Peek(1) == '|')
        {
            throw Refused("|| is refused. Use the shell's own, between two calls of psipc.");
        }

        return _scanner.Current == '|';
    }

    private bool TryTakeInput()
    {
        const string name = "$input";
        if (_scanner.Current != '$' || !_scanner.PeekWord().StartsWith(name, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        char after = _scanner.Peek(name.Length);
        if (char.IsLetterOrDigit(after) || after is '_' or ':' or '?')
        {
            return false;
        }

        _scanner.Skip(name.Length);
        return true;
    }

    private bool AtLiteral() =>
        Letters.IsSingleQuote(_scanner.Current) || Letters.IsDoubleQuote(_scanner.Current) || AtNumber(out _);

    private bool AtNumber(out object? number)
    {
        number = null;
        return (char.IsAsciiDigit(_scanner.Current) || (_scanner.Current == '.' && char.IsAsciiDigit(_scanner.Peek(1))))
            && NumberLiteral.TryRead(_scanner.PeekWord(), allowsSign: false, out number);
    }

    /// <summary>Values at the beginning of a pipeline, which go into it one by one.</summary>
    private List<object?> ParseLiterals()
    {
        List<object?> values = [];
        while (true)
        {
            if (AtNumber(out object? number))
            {
                values.Add(number);
                _scanner.Skip(_scanner.PeekWord().Length);
            }
            else if (AtLiteral())
            {
                values.Add(TakeQuoted());
            }
            else
            {
                throw Refused("before | only texts in quotes and numbers, with commas between, or $input can stand.");
            }

            _scanner.SkipBlanks();
            if (_scanner.Current != ',')
            {
                break;
            }

            _scanner.Take();
            _scanner.SkipBlanksAndLines();
        }

        return _scanner.IsAtEnd || _scanner.Current is '|' or ';' or '\n' or '\r' ? values
            : throw Refused("before | only texts in quotes and numbers, with commas between, or $input can stand.");
    }

    private CommandSyntax ParseCommand()
    {
        RefuseBeginning();
        string name = _scanner.TakeWord();
        if (Array.Exists(Keywords, keyword => keyword.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refused($"the keyword '{name}' is refused. Use the shell's own, or pwsh.");
        }

        List<CommandArgument> arguments = [];
        bool namesEnded = false;
        while (true)
        {
            _scanner.SkipBlanks();
            char c = _scanner.Current;
            if (_scanner.IsAtEnd || c is '|' or ';' or '\n' or '\r')
            {
                return new CommandSyntax(name, arguments);
            }

            if (c == ',')
            {
                throw _scanner.Error("A value is missing before the comma.");
            }

            if (AtDashes())
            {
                string dashes = _scanner.PeekWord().ToString();
                _scanner.Skip(2);
                if (namesEnded)
                {
                    arguments.Add(CommandArgument.ForValue(dashes));
                }

                namesEnded = true;
            }
            else if (BeginsName(c))
            {
                ParseNamed(arguments, namesEnded);
            }
            else
            {
                arguments.Add(CommandArgument.ForValue(ParseArgument()));
            }
        }
    }

    /// <summary>Two dashes by themselves, after which nothing is a name.</summary>
    private bool AtDashes() =>
        Letters.IsDash(_scanner.Current) && Letters.IsDash(_scanner.Peek(1)) && Letters.EndsWord(_scanner.Peek(2));

    private bool BeginsName(char c) =>
        Letters.IsDash(c) && (char.IsLetter(_scanner.Peek(1)) || _scanner.Peek(1) is '_' or '?');

    private void ParseNamed(List<CommandArgument> arguments, bool namesEnded)
    {
        if (!TryTakeName(out string text, out bool hasColon))
        {
            arguments.Add(CommandArgument.ForValue(WithFollowing(text)));
            return;
        }

        if (namesEnded)
        {
            arguments.Add(CommandArgument.ForValue(hasColon ? text + ":" : text));
            return;
        }

        if (!hasColon)
        {
            arguments.Add(CommandArgument.ForName(text[1..], text));
            return;
        }

        _scanner.SkipBlanks();
        if (_scanner.IsAtEnd || _scanner.Current is '|' or ';' or '\n' or '\r' or ',' || AtDashes())
        {
            throw _scanner.Error($"A value is missing after {text}:.");
        }

        arguments.Add(CommandArgument.ForNamedValue(text[1..], ParseArgument()));
    }

    /// <summary>A parameter's name with its dash. A quote in it makes it a word like others.</summary>
    private bool TryTakeName(out string text, out bool hasColon)
    {
        int start = _scanner.Position;
        hasColon = false;
        _scanner.Take();
        while (!_scanner.IsAtEnd && !Letters.EndsWord(_scanner.Current) && _scanner.Current is not ('.' or '[' or ':'))
        {
            if (Letters.IsSingleQuote(_scanner.Current) || Letters.IsDoubleQuote(_scanner.Current))
            {
                text = _scanner.TakeWord(_scanner.Slice(start));
                return false;
            }

            _scanner.Take();
        }

        text = _scanner.Slice(start);
        hasColon = _scanner.Current == ':';
        _scanner.Skip(hasColon ? 1 : 0);
        return true;
    }

    /// <summary>One value, or several with commas between.</summary>
    private object? ParseArgument()
    {
        int start = _scanner.Position;
        object? value = ParseValue(out bool isNumber);
        string text = _scanner.Slice(start);
        object? whole = WithFollowing(value);
        return isNumber && ReferenceEquals(whole, value) ? NumberLiteral.WithText(value!, text) : whole;
    }

    /// <summary>A value alone, or the array that the commas after it make of it.</summary>
    private object? WithFollowing(object? first)
    {
        List<object?>? values = null;
        while (true)
        {
            _scanner.SkipBlanks();
            if (_scanner.Current != ',')
            {
                return values is null ? first : values.ToArray();
            }

            _scanner.Take();
            _scanner.SkipBlanksAndLines();
            if (_scanner.IsAtEnd || _scanner.Current is '|' or ';' or ',' || AtDashes())
            {
                throw _scanner.Error("A value is missing after the comma.");
            }

            values ??= [first];
            values.Add(ParseValue(out _));
        }
    }

    private object? ParseValue(out bool isNumber)
    {
        isNumber = AtNumber(out object? number);
        if (isNumber)
        {
            _scanner.Skip(_scanner.PeekWord().Length);
            return number;
        }

        char c = _scanner.Current;
        if (Letters.IsSingleQuote(c) || Letters.IsDoubleQuote(c))
        {
            return TakeQuoted();
        }

        RefuseInArgument(c);
        switch (c)
        {
            case '$' when TryTakeConstant(out object? constant):
                return constant;
            case '$' when _scanner.Peek(1) == '{' || Letters.BeginsVariable(_scanner.Peek(1)):
                throw Refused($"the variable {(_scanner.Peek(1) == '{' ? "${ }" : _scanner.PeekWord())} is refused. Give the value itself; only $true, $false and $null are known, and $input at the beginning.");
            case ']':
                _scanner.Take();
                return "]";
            case '.' when _scanner.Peek(1) is '$' or '\'' or '"':
                _scanner.Take();
                return ".";
        }

        // After a comma a name with its dash is a word.
        if (BeginsName(c) && TryTakeName(out string name, out bool hasColon))
        {
            return hasColon ? name + ":" : name;
        }

        string word = _scanner.TakeWord();
        return word != "--%" ? word : throw Refused("--% is refused. Put the arguments in single quotes.");
    }

    private string TakeQuoted()
    {
        string value = Letters.IsSingleQuote(_scanner.Current) ? _scanner.TakeSingleQuoted() : _scanner.TakeDoubleQuoted();
        RefuseMember();
        return value;
    }

    private bool TryTakeConstant(out object? constant)
    {
        string word = _scanner.PeekWord().ToString();
        constant = null;
        if (word.Equals("$null", StringComparison.OrdinalIgnoreCase))
        {
            _scanner.Skip(word.Length);
            return true;
        }

        bool isTrue = word.Equals("$true", StringComparison.OrdinalIgnoreCase);
        if (!isTrue && !word.Equals("$false", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        constant = isTrue;
        _scanner.Skip(word.Length);
        return true;
    }
}
