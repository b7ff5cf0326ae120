using System;

namespace PsIpc;

/// <summary>The kernel's times as PowerShell shows times: local, and null for what never happened.</summary>
internal static class Times
{
    internal static DateTime? FromUnixSeconds(long seconds) =>
        seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;

    /// <summary>Records keep times as they come and make them local when somebody looks: a listing need not know the time zone.</summary>
    internal static DateTime? Local(DateTime? time) => time?.ToLocalTime();

    internal static DateTime? Latest(params ReadOnlySpan<DateTime?> times)
    {
        DateTime? latest = null;
        foreach (DateTime? time in times)
        {
            latest = latest is null || IsBefore(latest, time) ? time ?? latest : latest;
        }

        return latest;
    }

    /// <summary>
    /// Whether one moment was before another; not when either never was. .NET compares what the clocks on the wall showed, which are put
    /// forward and back.
    /// </summary>
    internal static bool IsBefore(DateTime? one, DateTime? other) => one?.ToUniversalTime() < other?.ToUniversalTime();
}
