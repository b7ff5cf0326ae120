using System;
using System.Management.Automation;

namespace PsIpc.Binding;

/// <summary>
/// Takes objects back that went through CLIXML, a job or remoting: what arrives then is a bag of properties named
/// Deserialized.PsIpc.…, which still names the kernel object.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class IpcObjectTransformationAttribute : UnwrappingTransformationAttribute
{
    private const string Prefix = "Deserialized.PsIpc.";

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped)
    {
        if (value is IpcObject)
        {
            return value;
        }

        if (wrapped is PSObject bag && bag.TypeNames.Count > 0 && bag.TypeNames[0].StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Rehydration.FromBag(bag.TypeNames[0][Prefix.Length..], bag) ?? wrapped;
        }

        return wrapped;
    }
}
