using System;
using System.Collections.Generic;
using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;

namespace PsIpc.Native.Processes;

/// <summary>
/// Ends a child together with all that it started and that those started. Each is stopped before its children are looked for, so that none
/// can start another meanwhile, and so that none of their numbers is given to anybody else: a stopped parent reaps nobody.
/// </summary>
/// <remarks>What has no living parent among them any more (a daemon that forked twice) is not found.</remarks>
internal static class ProcessTree
{
    private const int Sigkill = 9;
    private const int Sigstop = 19;

    /// <summary>Kills a child and its descendants: SIGKILL.</summary>
    /// <exception cref="IpcException">kill EPERM: one of them has another user; the others are killed all the same.</exception>
    internal static void Kill(ChildProcess child)
    {
        Dictionary<int, SafeDescriptor?> frozen = new() { [child.Id] = null };
        IpcException? refusal = null;
        try
        {
            child.Send(Sigstop);
            while (FreezeChildren(frozen))
            {
                // Until nobody is found who was not stopped yet.
            }
        }
        finally
        {
            foreach ((int id, SafeDescriptor? process) in frozen)
            {
                if (id != child.Id && !Signal(id, process, Sigkill) && Libc.LastErrno == Errno.EPERM)
                {
                    refusal = IpcException.Last("kill");
                }

                process?.Dispose();
            }

            child.Send(Sigkill);
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private static bool FreezeChildren(Dictionary<int, SafeDescriptor?> frozen)
    {
        bool isAny = false;
        ProcFile file = new();
        using SafeDescriptor directory = Directories.TryOpen("/proc") ?? throw IpcException.Last("open(/proc)");
        foreach (byte[] name in Directories.Names(directory))
        {
            if (!int.TryParse(name.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || frozen.ContainsKey(id) || !IsChildOf(file, id, frozen))
            {
                continue;
            }

            int opened = Libc.pidfd_open(id, 0);
            SafeDescriptor? process = opened < 0 ? null : new SafeDescriptor(opened); // an old kernel, or no descriptor left: then by its number
            if (!IsChildOf(file, id, frozen))
            {
                process?.Dispose(); // it ended, and its number is another's by now
                continue;
            }

            frozen.Add(id, process);
            _ = Signal(id, process, Sigstop); // one of another user goes on, and is looked into all the same
            isAny = true;
        }

        return isAny;
    }

    private static unsafe bool Signal(int id, SafeDescriptor? process, int signal)
    {
        if (process is null)
        {
            return Libc.kill(id, signal) == 0;
        }

        using DescriptorLease lease = new(process);
        return Libc.pidfd_send_signal(lease.Value, signal, null, 0) == 0;
    }

    /// <summary>"pid (name) state ppid …": the name may hold anything, a parenthesis too.</summary>
    private static bool IsChildOf(ProcFile file, int id, Dictionary<int, SafeDescriptor?> parents)
    {
        if (!file.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat")))
        {
            return false;
        }

        ReadOnlySpan<byte> text = file.Content;
        int start = text.LastIndexOf((byte)')') + 4;
        if (start >= text.Length || ProcessState.IsDead(text))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[start..];
        int end = rest.IndexOf((byte)' ');
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int parent) && parents.ContainsKey(parent);
    }
}
