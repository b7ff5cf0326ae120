using System;
using System.Globalization;

namespace PsIpc;

/// <summary>Sizes as people read them.</summary>
internal static class HumanSize
{
    private const string Prefixes = "KMGTPE";

    /// <summary>Three significant digits at most: 0 B, 512 B, 1.5 KiB, 16 KiB; empty for null.</summary>
    internal static string Format(long? size)
    {
        if (size is not { } bytes)
        {
            return "";
        }

        int unit = 0;
        double value = bytes;
        while (Math.Abs(value) >= 1024 && unit < Prefixes.Length)
        {
            value /= 1024;
            unit++;
        }

        string format = unit > 0 && value < 9.95 ? "0.#" : "0";
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(format, CultureInfo.InvariantCulture)} {(unit == 0 ? "" : $"{Prefixes[unit - 1]}i")}B");
    }
}
