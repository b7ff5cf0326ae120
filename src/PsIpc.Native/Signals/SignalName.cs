using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Signals;

/// <summary>The names of signals, and what each is for: signal(7). Their numbers are the same on x64 and arm64.</summary>
public static class SignalName
{
    /// <summary>The highest signal there is.</summary>
    public const int Highest = 64;

    private const string Prefix = "SIG";
    private const string LowerEnd = "RTMIN";
    private const string UpperEnd = "RTMAX";
    private const int FirstRealTime = 32;
    private const int RealTimeOfUsers = 34; // the C libraries keep 32 and 33, musl 34 as well; kill -l counts from 34
    private const int RuntimeRealTime = 34; // CoreCLR interrupts threads by it

    // Ordinary ones by their numbers, from 1 on.
    private static readonly IReadOnlyList<string> Ordinary =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The name with SIG; real-time signals as SIGRTMIN+n; the bare number where there is no such signal.</summary>
    /// <param name="number">The signal's number.</param>
    public static string Of(int number) => number switch
    {
        > 0 when number <= Ordinary.Count => Prefix + Ordinary[number - 1],
        RealTimeOfUsers => Prefix + LowerEnd,
        > RealTimeOfUsers and <= Highest => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{LowerEnd}+{number - RealTimeOfUsers}"),
        >= FirstRealTime and < RealTimeOfUsers => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number}"),
    };

    /// <summary>
    /// Reads a name, with SIG or without, in capitals or not, real-time signals as RTMIN+n or RTMAX-n; or a number from 1 to 64.
    /// </summary>
    /// <param name="text">What was typed.</param>
    /// <param name="number">The signal's number.</param>
    public static bool TryParse(string? text, out int number)
    {
        number = 0;
        string name = (text ?? "").Trim().ToUpperInvariant();
        if (TryDigits(name, out int value))
        {
            number = value;
            return value is >= 1 and <= Highest;
        }

        if (name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            name = name[Prefix.Length..];
        }

        number = name switch
        {
            "POLL" => NumberOf("IO"),
            "IOT" => NumberOf("ABRT"),
            "CLD" => NumberOf("CHLD"),
            "32" or "33" => name[1] - '2' + FirstRealTime,
            LowerEnd => RealTimeOfUsers,
            UpperEnd => Highest,
            _ when name.StartsWith(LowerEnd + "+", StringComparison.Ordinal) && TryDigits(name[(LowerEnd.Length + 1)..], out value) => RealTimeOfUsers + value,
            _ when name.StartsWith(UpperEnd + "-", StringComparison.Ordinal) && TryDigits(name[(UpperEnd.Length + 1)..], out value) => Highest - value,
            _ => NumberOf(name),
        };

        // RTMIN+31 would be beyond the last, RTMAX-31 one of those that the C library keeps.
        return number is > 0 and <= Highest && (!name.StartsWith("RT", StringComparison.Ordinal) || number >= RealTimeOfUsers);
    }

    /// <summary>The numbers of all signals that have a name of their own, the lowest first.</summary>
    public static IEnumerable<int> All => Enumerable.Range(1, Ordinary.Count).Concat(Enumerable.Range(RealTimeOfUsers, Highest - RealTimeOfUsers + 1));

    /// <summary>Whether a process that does nothing about the signal goes on: signal(7), default dispositions.</summary>
    /// <param name="number">The signal's number.</param>
    public static bool IsHarmless(int number) => Of(number) is "SIGCHLD" or "SIGCONT" or "SIGURG" or "SIGWINCH";

    /// <summary>Why a signal cannot be waited for in this process; None when it can.</summary>
    /// <param name="number">The signal's number, 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    public static SignalRefusal WhyNotWaitable(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Highest);
        return number switch
        {
            < FirstRealTime => Ordinary[number - 1] switch
            {
                "KILL" or "STOP" => SignalRefusal.Kernel,
                "ILL" or "TRAP" or "ABRT" or "BUS" or "FPE" or "SEGV" or "SYS" or "XFSZ" => SignalRefusal.Fault,
                "INT" or "QUIT" or "TERM" or "CHLD" or "CONT" or "TSTP" or "TTIN" or "TTOU" or "WINCH" or "PIPE" => SignalRefusal.Runtime,
                _ => SignalRefusal.None,
            },
            < RealTimeOfUsers => SignalRefusal.CLibrary,
            RuntimeRealTime => SignalRefusal.Runtime,
            _ => number == WakeSignal.Number ? SignalRefusal.Wake : SignalRefusal.None,
        };
    }

    private static int NumberOf(string name)
    {
        for (int i = 0; i < Ordinary.Count; i++)
        {
            if (Ordinary[i] == name)
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>ASCII digits alone; few enough for an int.</summary>
    private static bool TryDigits(string text, out int value)
    {
        value = 0;
        return text.Length is > 0 and < 9 && text.All(char.IsAsciiDigit)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
