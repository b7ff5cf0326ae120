using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Makes a <see cref="PermissionMode"/> of what people type for one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PermissionModeTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override bool TakesArrays => true;

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        string typed => PermissionMode.Parse(typed),

        // u=rw,g=r without quotes is an array to PowerShell.
        IList list when list.Cast<object?>().All(part => Unwrap(part) is string) =>
            PermissionMode.Parse(string.Join(',', list.Cast<object?>().Select(part => (string)Unwrap(part)!))),

        // The digits as typed: 0x1a0 must not pass for the number that it stands for.
        byte or sbyte or short or ushort or int or uint or long or ulong =>
            PermissionMode.Parse(text ?? System.Convert.ToString(value, CultureInfo.InvariantCulture)!),
        IList list => throw Refused(string.Join(',', list.Cast<object?>())),
        // A hashtable included: PowerShell would make the mode 0000 of an empty one.
        double or float or decimal or bool or char or IDictionary => throw Refused(text ?? System.Convert.ToString(value, CultureInfo.InvariantCulture)),
        _ => wrapped,
    };

    private static FormatException Refused(string? text) => new(Sentences.Format("ModeRefused", ("value", text)));

    private static object? Unwrap(object? part) => part is System.Management.Automation.PSObject wrapper ? wrapper.BaseObject : part;
}
