using System;
using System.Globalization;
using PsIpc.Errors;
using PsIpc.Native.Signals;

namespace PsIpc;

/// <summary>A signal, which people write by its name - with SIG or without, in capitals or not - or by its number. See signal(7).</summary>
public readonly record struct SignalNumber
{
    private readonly int _value;

    private SignalNumber(int value) => _value = value;

    /// <summary>The number that C has.</summary>
    public int ToInt32() => _value;

    /// <summary>Reads a signal: USR1, SIGUSR1, RTMIN+3, RTMAX-1, 10.</summary>
    /// <param name="text">Its name or number.</param>
    /// <exception cref="FormatException">There is no such signal; the message is for the user.</exception>
    public static SignalNumber Parse(string text) => SignalName.TryParse(text, out int number) ? new SignalNumber(number) : throw Refused(text);

    /// <summary>Takes a number for a signal.</summary>
    /// <param name="number">1 to 64.</param>
    /// <exception cref="FormatException">It is out of range; the message is for the user.</exception>
    public static SignalNumber FromNumber(long number) =>
        number is >= 1 and <= SignalName.Highest ? new SignalNumber((int)number) : throw Refused(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The name, with SIG.</summary>
    public override string ToString() => SignalName.Of(_value);

    internal static FormatException Refused(string text) => new(Sentences.Format("SignalRefused", ("value", text)));
}
