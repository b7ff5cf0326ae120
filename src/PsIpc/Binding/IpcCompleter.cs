using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
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
        string word = (wordToComplete ?? "").Trim('\'', '"');
        List<CompletionResult> results = [];
        try
        {
            foreach ((string value, string toolTip) in Candidates(fakeBoundParameters))
            {
                if (Matches(value, word))
                {
                    results.Add(new CompletionResult(Quote(value), value, CompletionResultType.ParameterValue, toolTip));
                }
            }
        }
        catch (IpcException)
        {
            // Completion is a help: where the list is out of reach there is none.
        }

        return results;
    }

    /// <summary>The values there are, each with what to say of it.</summary>
    /// <param name="boundParameters">What else stands on the command line.</param>
    protected abstract IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters);

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

    private static string Quote(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '.') ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
