using System;
using System.Collections;
using System.Globalization;

namespace PsIpc.Binding;

/// <summary>Makes a <see cref="IpcKey"/> of what people type for one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IpcKeyTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        string typed => IpcKey.Parse(typed),
        IpcKeyInfo info => IpcKey.FromNumber(info.Key),
        byte or sbyte or short or ushort or int or uint or long =>
            IpcKey.FromNumber(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ulong number when number <= long.MaxValue => IpcKey.FromNumber((long)number),
        ulong or double or float or decimal or System.Numerics.BigInteger or bool or char =>
            IpcKey.Parse(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""), // says what is accepted
        // PowerShell would make the key 0 of an empty hashtable, and that is IPC_PRIVATE: looking for it makes a queue.
        IpcKey key when key.ToInt32() == 0 => IpcKey.FromNumber(0),
        IDictionary => IpcKey.Parse(value.ToString() ?? ""),
        _ => wrapped,
    };
}
