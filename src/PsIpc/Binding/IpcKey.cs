using System;
using System.Globalization;
using PsIpc.Errors;

namespace PsIpc;

/// <summary>
/// The key of a System V object (key_t): 32 bits, which people write as a signed or unsigned decimal number or in
/// hexadecimal. 0 is no key: it is IPC_PRIVATE. See sysvipc(7).
/// </summary>
public readonly record struct IpcKey
{
    private readonly int _value;

    /// <summary>Makes one of the signed number that C has.</summary>
    /// <param name="value">The key; not 0.</param>
    public IpcKey(int value) => _value = value;

    /// <summary>The signed number that C has.</summary>
    public int ToInt32() => _value;

    /// <summary>Reads a key: -2147483648 to 4294967295, or 0x0 to 0xffffffff.</summary>
    /// <param name="text">The number.</param>
    /// <exception cref="FormatException">It is neither, or 0; the message is for the user.</exception>
    public static IpcKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        if (trimmed.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return uint.TryParse(trimmed.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint bits)
                ? Checked((int)bits, text)
                : throw Refused(text);
        }

        return long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? FromNumber(number)
            : throw Refused(text);
    }

    /// <summary>Takes a number for a key.</summary>
    /// <param name="number">-2147483648 to 4294967295; not 0.</param>
    /// <exception cref="FormatException">It is out of range, or 0; the message is for the user.</exception>
    public static IpcKey FromNumber(long number) =>
        number is >= int.MinValue and <= uint.MaxValue
            ? Checked(unchecked((int)number), number.ToString(CultureInfo.InvariantCulture))
            : throw Refused(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The key in hexadecimal: 0x%08x.</summary>
    public override string ToString() => Format(_value);

    internal static string Format(int key) => string.Create(CultureInfo.InvariantCulture, $"0x{key:x8}");

    private static IpcKey Checked(int value, string text) =>
        value != 0 ? new IpcKey(value) : throw new FormatException(Sentences.Format("KeyIsZero", ("value", text)));

    private static FormatException Refused(string text) => new(Sentences.Format(text.StartsWith('/') ? "KeyIsName" : "KeyRefused", ("value", text)));
}
