using System;
using System.Collections.Generic;
using System.Linq;
using PsIpc.Host.Engine;
using PsIpc.Host.Parsing;

namespace PsIpc.Host;

/// <summary>What psipc is asked to do.</summary>
internal sealed class CommandLine
{
    internal const string Usage =
        """
        psipc: the PsIpc cmdlets without PowerShell.

        Usage:
          psipc [--json] 'PIPELINE'           run a pipeline, or several with ; between
          psipc [--json] CMDLET [ARGUMENT]... run one cmdlet with the arguments of the shell
          psipc [--json] -f FILE              run the lines of a file
          psipc help [CMDLET|TOPIC]           list the cmdlets and topics, or show one
          psipc --version

        Examples:
          psipc 'Get-IpcObject -Kind SysVMessageQueue | Remove-IpcObject -WhatIf'
          psipc New-SysVMessageQueue 0x5053 -Mode 0660
          seq 1000 | psipc '$input | Send-SysVMessage 0x5053'
          psipc --json 'Receive-SysVMessage 0x5053 -All'

        A pipeline is read exactly as PowerShell reads it: quotes, numbers, arrays with commas, -Name value, -Name:value,
        switches, beginnings of names, comments. Put it in single quotes, so that the shell leaves it alone. $input | at
        its beginning reads standard input, an object a line; otherwise standard input is not touched. Variables, script
        blocks and other commands are refused by name: psipc is no scripting language.

        Arguments that the shell has taken apart are texts as they are; a comma separates numbers, keys and kinds.

        Programs that Start-PipedProcess starts find this psipc in the environment variable PSIPC.

        Tables are as wide as the terminal, 80 columns where there is none: COLUMNS=200 psipc ... | less -S.

        Exit status: 0 done, 1 errors were written (of a cmdlet's parameters, too), 2 the command line was refused and
        nothing was run, 130 stopped by Ctrl-C, 143 by SIGTERM, 141 when the reader of the output has gone. Test- cmdlets
        print True or False, and their status is 0: psipc Test-IpcObject -Key 0x5053 | grep -q True
        """;

    private CommandLine()
    {
    }

    internal bool IsJson { get; private set; }

    internal bool WantsHelp { get; private set; }

    internal bool WantsVersion { get; private set; }

    /// <summary>The cmdlet to explain; empty for all, null for none.</summary>
    internal string? HelpTopic { get; private set; }

    /// <summary>The file to run.</summary>
    internal string? File { get; private set; }

    /// <summary>The text to run, in one argument.</summary>
    internal string? Text { get; private set; }

    /// <summary>The cmdlet to run, in several arguments.</summary>
    internal CommandSyntax? Command { get; private set; }

    /// <summary>Whether a cmdlet is run at once, as far as can be told before the text is read.</summary>
    internal bool RunsCmdlet => Command is not null || File is not null || (Text is { Length: > 0 } text && (char.IsAsciiLetter(text[0]) || text[0] == '$'));

    /// <summary>Reads the arguments of the process.</summary>
    /// <exception cref="RefusedException">They are none that psipc knows.</exception>
    internal static CommandLine Read(IReadOnlyList<string> arguments)
    {
        CommandLine line = new();
        int next = 0;
        for (; next < arguments.Count && arguments[next].StartsWith('-'); next++)
        {
            switch (arguments[next])
            {
                case "--json":
                    line.IsJson = true;
                    break;
                case "--help" or "-h" or "-?":
                    line.WantsHelp = true;
                    return line;
                case "--version":
                    line.WantsVersion = true;
                    return line;
                case "-f" or "--file":
                    line.ReadFile(arguments, next);
                    return line;
                case "--":
                    next++;
                    line.ReadCommand(arguments, next);
                    return line;
                default:
                    throw new RefusedException($"There is no option {arguments[next]}. 'psipc --help' says what there is.");
            }
        }

        line.ReadCommand(arguments, next);
        return line;
    }

    private void ReadFile(IReadOnlyList<string> arguments, int option)
    {
        if (option + 2 != arguments.Count)
        {
            throw new RefusedException(option + 1 == arguments.Count
                ? "After -f there must be the name of a file."
                : "After -f FILE there can be nothing: a file has no arguments.");
        }

        File = arguments[option + 1];
    }

    /// <summary>The cmdlet of NAME -?, as PowerShell's users ask for help, in one argument or in two; else null.</summary>
    private static string? Questioned(IReadOnlyList<string> arguments, int first)
    {
        if (!arguments[^1].EndsWith("-?", StringComparison.Ordinal))
        {
            return null;
        }

        return string.Join(' ', arguments.Skip(first)).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [[not '-', ..] name, "-?"] ? name : null;
    }

    /// <summary>PowerShell's own word for it is understood as well.</summary>
    private static bool IsHelp(string word) =>
        word.Equals("help", StringComparison.OrdinalIgnoreCase) || word.Equals("Get-Help", StringComparison.OrdinalIgnoreCase);

    private void ReadCommand(IReadOnlyList<string> arguments, int first)
    {
        if (first >= arguments.Count)
        {
            WantsHelp = true;
        }
        else if (Questioned(arguments, first) is { } cmdlet)
        {
            HelpTopic = cmdlet;
        }
        else if (IsHelp(arguments[first]) && arguments.Count - first <= 2)
        {
            HelpTopic = first + 1 < arguments.Count ? arguments[first + 1] : "";
        }
        else if (first + 1 == arguments.Count)
        {
            Text = arguments[first];
        }
        else
        {
            Command = new CommandSyntax(arguments[first], [.. Words(arguments, first + 1)]);
        }
    }

    /// <summary>
    /// Arguments that a shell has read: what begins with a dash and a letter is a name, as in a script's arguments; all
    /// else is text.
    /// </summary>
    private static IEnumerable<CommandArgument> Words(IReadOnlyList<string> arguments, int first)
    {
        bool namesEnded = false;
        for (int i = first; i < arguments.Count; i++)
        {
            string word = arguments[i];
            if (word == "--" && !namesEnded)
            {
                namesEnded = true;
            }
            else if (namesEnded || word.Length < 2 || word[0] != '-' || !(char.IsLetter(word[1]) || word[1] is '_' or '?'))
            {
                yield return CommandArgument.ForValue(word, isShellWord: true);
            }
            else if (word.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                object value = word[(colon + 1)..] switch
                {
                    string text when text.Equals("$true", StringComparison.OrdinalIgnoreCase) => true,
                    string text when text.Equals("$false", StringComparison.OrdinalIgnoreCase) => false,
                    string text => text,
                };
                yield return CommandArgument.ForNamedValue(word[1..colon], value, isShellWord: true);
            }
            else
            {
                yield return CommandArgument.ForName(word[1..], word);
            }
        }
    }
}
