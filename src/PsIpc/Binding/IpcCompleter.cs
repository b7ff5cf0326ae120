using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Binding;

/// <summary>Offers values while the user types; what cannot be looked up is not offered, and never an error.</summary>
public abstract class IpcCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = Unquoted(wordToComplete ?? "");
        List<CompletionResult> results = [];
        try
        {
            foreach ((string value, string toolTip) in Candidates(word, fakeBoundParameters))
            {
                // PowerShell has no result with an empty text: a process may have no name.
                if (value.Length > 0 && Matches(value, word))
                {
                    results.Add(new CompletionResult(Quoted(IsPattern ? WildcardPattern.Escape(value) : value), value, ResultType, toolTip.Length > 0 ? toolTip : value));
                }
            }
        }
        catch (Exception e) when (e is IpcException or IOException or UnauthorizedAccessException)
        {
            // Completion is a help: where the list is out of reach there is none.
        }

        return results;
    }

    /// <summary>Whether the parameter takes wildcards, so that what is offered must not be one by accident.</summary>
    private protected virtual bool IsPattern => false;

    /// <summary>Whether a value that looks like a number must be a text all the same: 0x4d2 is the name of a System V object, too.</summary>
    private protected virtual bool IsText => false;

    /// <summary>What the values stand for.</summary>
    private protected virtual CompletionResultType ResultType => CompletionResultType.ParameterValue;

    /// <summary>The values there are, each with what to say of it.</summary>
    /// <param name="boundParameters">What else stands on the command line.</param>
    protected abstract IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters);

    /// <summary>The same, for those whose values depend on what is typed.</summary>
    /// <param name="word">What is typed of the value, without quotes.</param>
    /// <param name="boundParameters">What else stands on the command line.</param>
    protected virtual IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters) => Candidates(boundParameters);

    /// <summary>Whether a value is meant by what is typed of it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="word">What is typed.</param>
    protected virtual bool Matches(string value, string word) => value.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The live objects of some kinds.</summary>
    private protected static IEnumerable<IpcObject> Live(params IEnumerable<IpcKind> kinds)
    {
        InventoryContext context = new();
        return kinds.SelectMany(kind => AllKinds.Of(kind).Enumerate(context));
    }

    /// <summary>The live System V objects of the kinds that -Kind says, or of all.</summary>
    private protected static IEnumerable<SysVObject> LiveSysV(IDictionary boundParameters) =>
        Live(KindsIn(boundParameters).Where(kind => AllKinds.Of(kind).HasKey)).Cast<SysVObject>();

    /// <summary>The kinds that -Kind says, one or several; those that are listed unasked where it says nothing.</summary>
    private protected static IpcKind[] KindsIn(IDictionary boundParameters)
    {
        IEnumerable<object?> given = boundParameters["Kind"] switch
        {
            null => [],
            string text => text.Split(','),
            IEnumerable several => several.Cast<object?>(),
            object one => [one],
        };
        IpcKind[] kinds = [.. given.Select(one => Enum.TryParse(one?.ToString()?.Trim(), ignoreCase: true, out IpcKind kind) ? kind : (IpcKind?)null).OfType<IpcKind>()];
        return kinds.Length > 0 ? kinds : [.. AllKinds.ListedUnasked.Select(one => one.Kind)];
    }

    /// <summary>What a tool tip says of an object.</summary>
    private protected static string ToolTipOf(IpcObject subject) => $"{subject}: {subject.Owner} {subject.Mode}, {subject.Summary}";

    /// <summary>What is typed, without the quotes about it. In single quotes each of them stands twice, so that an odd number of them ends the text.</summary>
    private static string Unquoted(string word)
    {
        if (word.Length == 0 || !IsQuote(word[0]))
        {
            return word.Trim('"');
        }

        int end = word.Length;
        while (end > 1 && IsQuote(word[end - 1]))
        {
            end--;
        }

        string inner = word[1..((word.Length - end) % 2 == 0 ? word.Length : ^1)];
        return Regex.Replace(inner, "(['\u2018-\u201b])['\u2018-\u201b]", "$1");
    }

    private string Quoted(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '.') && value[0] != '-' && !(IsText && char.IsAsciiDigit(value[0])) ? value : $"'{Doubled(value)}'";

    /// <summary>PowerShell takes typographic quotes for quotes, too.</summary>
    private static string Doubled(string value) => string.Concat(value.Select(c => IsQuote(c) ? $"{c}{c}" : c.ToString()));

    private static bool IsQuote(char c) => c is '\'' or (>= '\u2018' and <= '\u201b');
}
