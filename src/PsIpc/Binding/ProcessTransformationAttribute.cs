using System;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Runtime;

namespace PsIpc.Binding;

/// <summary>
/// Takes processes as they come: by number, also as text (pgrep, a pid file), as a process of .NET or of this module, or as the
/// record of one, also from CLIXML, a job or remoting. What is none of these is left for the cmdlet to refuse, one by one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProcessTransformationAttribute : UnwrappingTransformationAttribute
{
    /// <inheritdoc/>
    protected override object? Convert(object value, string? text, object wrapped) => value switch
    {
        string typed when int.TryParse(typed.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        byte or sbyte or short or ushort => System.Convert.ToInt32(value, CultureInfo.InvariantCulture),
        uint or long or ulong => System.Convert.ToDecimal(value, CultureInfo.InvariantCulture) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : value,
        IpcHolder holder => RecordedProcess.Of(holder),
        _ when DeserializedType.Of(wrapped) is { } type => Rehydration.ProcessFromBag(type, (PSObject)wrapped) ?? wrapped,
        _ => value,
    };
}
