using System;
using System.Globalization;
using System.IO;

namespace PsIpc.Native.Inventory;

/// <summary>Whether processes are alive: /proc/[pid]/stat; see proc_pid_stat(5).</summary>
public static class ProcessState
{
    /// <summary>Whether a process has ended; one that nobody has reaped yet (a zombie) has.</summary>
    /// <param name="processId">Its pid.</param>
    public static bool HasEnded(int processId)
    {
        try
        {
            // "pid (name) state …": the name may hold anything, a parenthesis too.
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            return text[(text.LastIndexOf(')') + 2)..] is ['Z' or 'X', ..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return true;
        }
    }
}
