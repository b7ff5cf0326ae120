using System;
using System.IO;
using System.Management.Automation;

namespace PsIpc.Binding;

/// <summary>Takes a file or directory that comes down the pipeline for itself: the brackets in its name are no wildcards.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LiteralFileTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) =>
        value is FileSystemInfo file ? WildcardPattern.Escape(file.FullName) : wrapped;
}
