using System;
using PsIpc.Errors;

namespace PsIpc;

/// <summary>
/// The nine permission bits of an object. Digits are octal however they are written, as chmod(1) takes them: PowerShell
/// has no octal literals, so the number 640 means what 0640 means.
/// </summary>
public readonly record struct PermissionMode
{
    private const string Letters = "rwxrwxrwx";

    /// <summary>Read and write for the owner alone: what new objects get.</summary>
    internal static readonly PermissionMode OwnerOnly = new(Convert.ToInt32("600", 8));

    private PermissionMode(int bits) => Bits = bits;

    /// <summary>The bits as a number, for system calls.</summary>
    public int Bits { get; }

    /// <summary>Reads octal digits (0640), letters (rw-r-----) or clauses (u=rw,g=r).</summary>
    /// <param name="text">The mode.</param>
    /// <exception cref="FormatException">It is none of these; the message is for the user.</exception>
    public static PermissionMode Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        int? bits = trimmed.Contains('=', StringComparison.Ordinal) ? FromClauses(trimmed)
            : trimmed.Length == Letters.Length && !char.IsAsciiDigit(trimmed[0]) ? FromLetters(trimmed)
            : FromOctal(trimmed);
        return bits is { } value ? new PermissionMode(value) : throw new FormatException(Sentences.Format("ModeRefused", ("value", text)));
    }

    /// <summary>As ls(1) shows it: rw-r-----.</summary>
    public override string ToString() => Format(Bits);

    internal static string Format(int bits) => string.Create(Letters.Length, bits, static (letters, bits) =>
    {
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = (bits & (1 << (Letters.Length - 1 - i))) != 0 ? Letters[i] : '-';
        }
    });

    private static int? FromOctal(string text)
    {
        int bits = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7')
            {
                return null;
            }

            bits = (bits * 8) + (digit - '0');
            if (bits > Convert.ToInt32("777", 8))
            {
                return null;
            }
        }

        return text.Length is > 0 and <= 4 ? bits : null;
    }

    private static int? FromLetters(string text)
    {
        int bits = 0;
        for (int i = 0; i < Letters.Length; i++)
        {
            if (text[i] == Letters[i])
            {
                bits |= 1 << (Letters.Length - 1 - i);
            }
            else if (text[i] != '-')
            {
                return null;
            }
        }

        return bits;
    }

    /// <summary>Clauses with = only: + and - would need a mode to start from. Who is not named gets nothing.</summary>
    private static int? FromClauses(string text)
    {
        int bits = 0;
        foreach (string clause in text.Split(','))
        {
            string[] sides = clause.Trim().Split('=');
            if (sides.Length != 2 || sides[0].Trim('u', 'g', 'o', 'a').Length != 0 || sides[1].Trim('r', 'w', 'x').Length != 0)
            {
                return null;
            }

            int permissions = Bit(sides[1], 'r', 4) | Bit(sides[1], 'w', 2) | Bit(sides[1], 'x', 1);
            string who = sides[0].Length == 0 || sides[0].Contains('a', StringComparison.Ordinal) ? "ugo" : sides[0];
            bits |= Bit(who, 'u', permissions << 6) | Bit(who, 'g', permissions << 3) | Bit(who, 'o', permissions);
        }

        return bits;
    }

    private static int Bit(string letters, char letter, int value) => letters.Contains(letter, StringComparison.Ordinal) ? value : 0;
}
