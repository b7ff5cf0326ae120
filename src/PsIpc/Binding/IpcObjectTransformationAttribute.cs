using System;
using System.Management.Automation;
using PsIpc.Runtime;

namespace PsIpc.Binding;

/// <summary>
/// Takes objects back that went through CLIXML, a job or remoting: what arrives then is a bag of properties named
/// Deserialized.PsIpc.…, which still names the kernel object.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class IpcObjectTransformationAttribute : UnwrappingTransformationAttribute
{
    private const string Namespace = "PsIpc.";

    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped)
    {
        if (value is IpcObject)
        {
            return value;
        }

        return DeserializedType.Of(wrapped) is { } type && type.StartsWith(Namespace, StringComparison.Ordinal)
            ? Rehydration.FromBag(type[Namespace.Length..], (PSObject)wrapped) ?? wrapped
            : wrapped;
    }
}
