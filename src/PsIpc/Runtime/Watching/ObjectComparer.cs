using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>Tells what of an object is not as before.</summary>
internal sealed class ObjectComparer(KindOperations operations)
{
    private readonly IReadOnlyList<WatchedProperty> _properties = operations.WatchedProperties;

    internal KindOperations Operations => operations;

    /// <summary>The properties that differ, and what they were and are; null where none does.</summary>
    internal (string[] Names, string Text)? Compare(IpcObject before, IpcObject now)
    {
        List<string>? names = null;
        List<string> texts = [];
        foreach (WatchedProperty property in _properties)
        {
            object? first = property.Value(before);
            object? second = property.Value(now);
            if (Equals(first, second))
            {
                continue;
            }

            (names ??= []).Add(property.Name);
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{property.Name} {Show(first)} -> {Show(second)}"));
        }

        return names is null ? null : ([.. names], string.Join(", ", texts));
    }

    /// <summary>Processes, for comparison: each once, in order.</summary>
    internal static string ProcessesOf(IEnumerable<IpcHolder>? holders) =>
        holders is null ? "" : string.Join(' ', holders.Select(one => one.ProcessId).Distinct().Order());

    private static string Show(object? value) =>
        System.Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "none";
}
