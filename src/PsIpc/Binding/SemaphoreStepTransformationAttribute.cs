using System;
using System.Collections;
using System.Globalization;

namespace PsIpc.Binding;

/// <summary>Makes a <see cref="SemaphoreStep"/> of what people type for one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SemaphoreStepTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        string typed => SemaphoreStep.Parse(typed),

        // PowerShell would make 0:0 of an empty hashtable.
        IConvertible or IDictionary => SemaphoreStep.Parse(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
        _ => wrapped,
    };
}
