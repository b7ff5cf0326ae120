using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using PsIpc.Native;
using PsIpc.Native.Signals;

namespace PsIpc.Runtime;

/// <summary>Whom Send-Signal is to reach: a number, a process of .NET, a program of Start-PipedProcess, or a record.</summary>
internal sealed class SignalRecipient
{
    private readonly object _process;

    private SignalRecipient(int id, string name, object process) =>
        (Id, Name, _process) = (id, name.Length == 0 ? Text(id) : $"{Text(id)} ({name})", process);

    /// <summary>Its pid.</summary>
    internal int Id { get; }

    /// <summary>What to call it in sentences: its pid, and its name where that is known.</summary>
    internal string Name { get; }

    /// <summary>Whom a value stands for; null for what is no process.</summary>
    internal static SignalRecipient? Of(object? value)
    {
        switch (value)
        {
            case int id:
                return new SignalRecipient(id, "", id);
            case PipedProcess child:
                return new SignalRecipient(child.Id, Shorten(child.CommandLine), child);
            case RecordedProcess record:
                return new SignalRecipient(record.Id, Shorten(record.Name), record);
            case Process process:
                try
                {
                    return new SignalRecipient(process.Id, "", process);
                }
                catch (InvalidOperationException)
                {
                    return null; // never started
                }

            default:
                return null;
        }
    }

    /// <summary>
    /// Sends it a signal. The process is opened first and compared then: what has the number from here on, it is that process or none.
    /// </summary>
    /// <exception cref="ForeignObjectException">The record is of another machine, boot or PID namespace, or does not say.</exception>
    /// <exception cref="IpcException">
    /// "pidfd_open" ESRCH: it has ended, ESTALE: and another has its number; <see cref="SignalTarget.Send"/>'s errors.
    /// </exception>
    internal void Send(int signal, int? value)
    {
        if (_process is PipedProcess child)
        {
            if (!child.TrySend(signal, value))
            {
                throw new IpcException("pidfd_open", Errno.ESRCH);
            }

            return;
        }

        (_process as RecordedProcess)?.CheckProvenance();
        using SignalTarget target = SignalTarget.Open(Id);
        if (_process is RecordedProcess { IsStillThere: false } || (_process is Process process && !IsSame(process)))
        {
            throw new IpcException("pidfd_open", target.HasEnded ? Errno.ESRCH : Errno.ESTALE); // ended just now, or long ago
        }

        target.Send(signal, value);
    }

    /// <summary>.NET remembers when a process was started from when it was first asked for that; and the end of its own children.</summary>
    internal static bool IsSame(Process process)
    {
        try
        {
            using Process now = Process.GetProcessById(process.Id);
            return !process.HasExited && process.StartTime == now.StartTime;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException || (e is ExternalException && process.HasExited))
        {
            return false; // it has ended; ExternalException: while its start was read from /proc
        }
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Shorten(string name)
    {
        const int longest = 40;
        return name.Length <= longest ? name : name[..longest] + "…";
    }
}
