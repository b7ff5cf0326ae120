using System;
using System.Collections;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Native.Memory;

namespace PsIpc.Commands;

/// <summary>Makes bytes of what is written to memory: numbers as their type has them, text in its encoding.</summary>
/// <param name="form">Bytes, Text, Hex or a type; null for what the values themselves are.</param>
/// <param name="encoding">The encoding of text.</param>
/// <param name="nullTerminated">Whether a NUL follows text.</param>
/// <param name="padTo">Bytes that each value has at least, zeros included.</param>
internal sealed class MemoryEncoder(string? form, Encoding encoding, bool nullTerminated, int? padTo)
{
    private readonly MemoryType? _type = form is null ? null : MemoryType.Find(form);
    private readonly bool _isText = Is(form, ValidateMemoryFormAttribute.Text);
    private readonly bool _isHex = Is(form, ValidateMemoryFormAttribute.Hex);
    private readonly bool _isBytes = Is(form, ValidateMemoryFormAttribute.Bytes);

    /// <summary>The bytes of what is given: a value, or an array of values, which become what they would from the pipeline.</summary>
    /// <exception cref="PayloadException">It has no form in memory, or not the one that was asked for.</exception>
    internal byte[] Encode(object? given)
    {
        object? bare = Bare(given);
        if (!IsSeveral(bare))
        {
            return Value(bare);
        }

        using MemoryStream bytes = new();
        foreach (object? one in (IList)bare!)
        {
            bytes.Write(Value(Bare(one)));
        }

        return bytes.ToArray();
    }

    private static object? Bare(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;

    /// <summary>Bytes are one value, unless each of them is to be a number of another type.</summary>
    private bool IsSeveral(object? value) => value is IList and not IDictionary && !IsRaw(value);

    private bool IsRaw(object? value) => value is byte[] && (_type is null || ReferenceEquals(_type, MemoryType.Octet)) && !_isText;

    /// <summary>The bytes of one that comes from the pipeline, which may bring arrays as well: those have their numbers one after the other.</summary>
    private byte[] Value(object? value) => IsRaw(value) ? Padded((byte[])value!) : IsSeveral(value) ? All((IList)value!) : Padded(One(value));

    private byte[] Padded(byte[] bytes)
    {
        if (padTo is not { } length || bytes.Length == length)
        {
            return bytes;
        }

        if (bytes.Length > length)
        {
            throw new PayloadException("PayloadLongerThanPad", ("length", bytes.Length), ("maximum", length));
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }

    private static bool Is(string? form, string name) => string.Equals(form, name, StringComparison.OrdinalIgnoreCase);

    private byte[] All(IList list)
    {
        using MemoryStream bytes = new();
        foreach (object? one in list)
        {
            bytes.Write(Padded(One(Bare(one))));
        }

        return bytes.ToArray();
    }

    private byte[] One(object? value)
    {
        switch (value)
        {
            case null:
                throw new PayloadException("NothingToWrite");
            case IpcMessage message when _type is null && !_isText:
                return message.Bytes;
            case string digits when _isHex:
                return FromHex(digits);
            case char or string when _type is null && !_isBytes:
                return Text(Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }

        if (_isText)
        {
            return value is IConvertible ? Text(Convert.ToString(value, CultureInfo.InvariantCulture)!) : throw Refused(value);
        }

        MemoryType type = _type ?? (_isBytes || _isHex ? MemoryType.Octet : MemoryType.Of(value.GetType())) ?? throw Refused(value);
        object number = MemoryNumber.Convert(value, type) ?? throw Refused(value, type.Name);
        byte[] bytes = new byte[type.Size];
        MemoryType.Write(number, bytes);
        return bytes;
    }

    private byte[] Text(string text)
    {
        try
        {
            return encoding.GetBytes(nullTerminated ? text + "\0" : text);
        }
        catch (EncoderFallbackException e)
        {
            throw new PayloadException("PayloadNotEncodable", ("encoding", encoding.WebName), ("reason", e.Message));
        }
    }

    private static byte[] FromHex(string text)
    {
        try
        {
            return Convert.FromHexString(string.Concat(text.Where(one => !char.IsWhiteSpace(one))));
        }
        catch (FormatException)
        {
            throw Refused(text, "Hex");
        }
    }

    private static PayloadException Refused(object value, string? type = null) => type is null
        ? new PayloadException("MemoryValueType", ("type", value.GetType()))
        : new PayloadException("MemoryValueRefused", ("value", value), ("type", type));
}
