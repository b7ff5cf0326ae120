using System;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>Tells who gives a word where a script block belongs that it is none: often it is an argument of the program.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ScriptBlockTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value is string || value.GetType().IsPrimitive
        ? throw new FormatException(Sentences.Format("ScriptBlockExpected", ("value", text ?? value)))
        : wrapped;
}
