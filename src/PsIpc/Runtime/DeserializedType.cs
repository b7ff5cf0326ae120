using System;
using System.Management.Automation;

namespace PsIpc.Runtime;

/// <summary>What an object was before it went through CLIXML, a job or remoting.</summary>
internal static class DeserializedType
{
    private const string Prefix = "Deserialized.";

    /// <summary>The full name of its type; null where it is no such object. Select-Object puts a name of its own before the others.</summary>
    internal static string? Of(object? value)
    {
        if (value is PSObject bag)
        {
            foreach (string name in bag.TypeNames)
            {
                if (name.StartsWith(Prefix, StringComparison.Ordinal))
                {
                    return name[Prefix.Length..];
                }
            }
        }

        return null;
    }
}
