using System;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Accepts the types that a System V message can have: 1 and above.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateMessageTypeAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not null && Convert.ToInt64(arguments, CultureInfo.InvariantCulture) <= 0)
        {
            throw new ValidationMetadataException(Sentences.Format("MessageTypeRefused", ("value", arguments)));
        }
    }
}
