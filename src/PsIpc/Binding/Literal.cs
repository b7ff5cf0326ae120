using System;
using System.Management.Automation;
using System.Numerics;

namespace PsIpc.Binding;

/// <summary>Numbers as they were typed on the command line.</summary>
internal static class Literal
{
    /// <summary>
    /// The text of a numeric literal (5d, 0x10, 1.50), which PowerShell keeps beside the number where the two differ;
    /// null for anything else.
    /// </summary>
    internal static string? TextOf(object argument) =>
        argument is PSObject { BaseObject: IConvertible and not string or BigInteger } wrapper // else every queue would be made text of
        && LanguagePrimitives.TryConvertTo(wrapper, out string text) ? text : null;
}
