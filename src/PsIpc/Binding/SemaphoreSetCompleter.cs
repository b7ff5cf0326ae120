using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace PsIpc.Binding;

/// <summary>Base of what completes by the System V semaphore set that stands on the command line.</summary>
public abstract class SemaphoreSetCompleter : IpcCompleter
{
    /// <summary>The set that -Semaphore, -Key or -Id says; null where none does, or there is none.</summary>
    private protected static SysVSemaphore? SetIn(IDictionary boundParameters)
    {
        // At position 0 PowerShell does not know yet which parameter it is.
        object?[] given = [.. boundParameters.Values.Cast<object?>().Select(one => one is PSObject wrapper ? wrapper.BaseObject : one)];
        if (given.OfType<SysVSemaphore>().FirstOrDefault() is { } record)
        {
            return record;
        }

        string id = TextOf(boundParameters["Id"]);
        IpcKey? key = KeyOf(boundParameters["Key"]);
        return Live(IpcKind.SysVSemaphore).Cast<SysVSemaphore>().FirstOrDefault(set => set.IdText == id || (key is { } wanted && set.Key == wanted.ToInt32()));
    }

    /// <summary>What a tool tip says of one semaphore.</summary>
    private protected static string StateOf(SysVSemaphore set, int index) =>
        set.Elements is { } elements && index < elements.Length ? string.Create(CultureInfo.InvariantCulture, $"value {elements[index].Value}") : "not readable";

    private static string TextOf(object? given) =>
        System.Convert.ToString(given is PSObject wrapper ? wrapper.BaseObject : given, CultureInfo.InvariantCulture) ?? "";

    private static IpcKey? KeyOf(object? given)
    {
        try
        {
            return given is null ? null : IpcKey.Parse(TextOf(given));
        }
        catch (System.FormatException)
        {
            return null;
        }
    }
}
