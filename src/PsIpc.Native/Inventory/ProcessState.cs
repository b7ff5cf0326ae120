using System;
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

    /// <summary>"pid (name) state …": the name may hold anything, a parenthesis too.</summary>
    internal static bool IsDead(ReadOnlySpan<byte> text)
    {
        int state = text.LastIndexOf((byte)')') + 2;
        return state >= text.Length || text[state] is (byte)'Z' or (byte)'X';
    }
}
