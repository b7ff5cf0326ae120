using System;
using PsIpc.Errors;

namespace PsIpc.Binding;

/// <summary>The same where nothing but objects can be meant: who gives a name, a key or an id there is told where it belongs.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IpcRecordTransformationAttribute : IpcObjectTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value is string || value.GetType().IsPrimitive
        ? throw new FormatException(Sentences.Format("ObjectExpected", ("value", text ?? value)))
        : base.Convert(value, text, wrapped);
}
