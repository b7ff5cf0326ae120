using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;

namespace PsIpc.Native.Inventory;

/// <summary>Whether processes are alive: /proc/[pid]/stat, asked once for each; see proc_pid_stat(5).</summary>
public sealed class ProcessState
{
    private readonly ProcFile _reader = new();
    private readonly Dictionary<int, bool> _ended = [];

    /// <summary>Whether a process has ended; one that nobody has reaped yet (a zombie) has.</summary>
    /// <param name="processId">Its pid.</param>
    public bool HasEnded(int processId)
    {
        if (!_ended.TryGetValue(processId, out bool ended))
        {
            ended = !_reader.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")) || IsDead(_reader.Content);
            _ended.Add(processId, ended);
        }

        return ended;
    }

    /// <summary>When a process was started, in clock ticks after the start of the system; null when it cannot be seen or has been reaped.</summary>
    /// <param name="processId">Its pid.</param>
    public static long? TryGetStartTicks(int processId)
    {
        ProcFile reader = new();
        return reader.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")) ? StartTicksOf(reader.Content) : null;
    }

    /// <summary>When that was by the clock, to a second or so; null where the kernel does not tell since when it runs.</summary>
    /// <param name="startTicks">Clock ticks after the start of the system.</param>
    public static DateTime? StartTimeOf(long startTicks)
    {
        const int ticksPerSecond = 100; // USER_HZ, on every machine that .NET runs on
        ProcFile reader = new();
        return reader.TryRead("/proc/uptime") && Utf8Parser.TryParse(reader.Content, out double uptime, out _)
            ? DateTime.UtcNow.AddSeconds(((double)startTicks / ticksPerSecond) - uptime)
            : null;
    }

    /// <summary>How many signals are queued for the user of a process, and how many may be (RLIMIT_SIGPENDING): "3/100"; null when it cannot be seen.</summary>
    /// <param name="processId">Its pid.</param>
    public static string? TryGetSignalQueue(int processId)
    {
        foreach (ReadOnlySpan<byte> line in new ProcFile().Lines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")))
        {
            if (line.StartsWith("SigQ:\t"u8))
            {
                return NativeString.Decode(line["SigQ:\t".Length..]);
            }
        }

        return null;
    }

    /// <summary>Field 22, starttime: the twentieth behind the name.</summary>
    internal static long? StartTicksOf(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> rest = text[(text.LastIndexOf((byte)')') + 1)..];
        for (int field = 2; field < 22; field++)
        {
            int space = rest.IndexOf((byte)' ');
            if (space < 0)
            {
                return null;
            }

            rest = rest[(space + 1)..];
        }

        return Utf8Parser.TryParse(rest, out long ticks, out _) ? ticks : null;
    }

    /// <summary>"pid (name) state …": the name may hold anything, a parenthesis too.</summary>
    internal static bool IsDead(ReadOnlySpan<byte> text)
    {
        int state = text.LastIndexOf((byte)')') + 2;
        return state >= text.Length || text[state] is (byte)'Z' or (byte)'X';
    }
}
