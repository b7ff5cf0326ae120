using System;
using System.Globalization;

namespace PsIpc.Binding;

/// <summary>Makes a <see cref="SignalNumber"/> of a name or a number; also of .NET's PosixSignal, whose numbers are its own.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SignalTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        SignalNumber signal when signal.ToInt32() != 0 => signal,
        string name => SignalNumber.Parse(name),
        Enum name => SignalNumber.Parse(name.ToString()),
        byte or sbyte or short or ushort or int or uint or long => SignalNumber.FromNumber(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        _ => throw SignalNumber.Refused(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""), // a hashtable would become signal 0
    };
}
