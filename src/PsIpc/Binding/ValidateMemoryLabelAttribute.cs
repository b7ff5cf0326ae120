using System;
using System.Management.Automation;
using System.Text;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Accepts what memfd_create(2) takes for a name: the kernel puts "memfd:" before it and has room for 255 bytes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateMemoryLabelAttribute : ValidateArgumentsAttribute
{
    private const int MaxBytes = 249;

    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        string label = arguments as string ?? "";
        if (label.Length == 0 || label.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(label) > MaxBytes)
        {
            throw new ValidationMetadataException(Sentences.Format("MemoryLabelRefused", ("value", label.Replace('\0', '\u2400')), ("maximum", MaxBytes)));
        }
    }
}
