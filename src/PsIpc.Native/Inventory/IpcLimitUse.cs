using System;
using System.Globalization;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>How much of each limit is used now, where the kernel counts it: msgctl(2), shmctl(2), semctl(2), proc_pid_status(5).</summary>
public static class IpcLimitUse
{
    /// <summary>What is used of a limit; null where nothing is counted, or it may not be seen. POSIX queues are for who lists them.</summary>
    /// <param name="limit">The limit.</param>
    public static unsafe long? Of(IpcLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        switch (limit.Name)
        {
            case "kernel.msgmni":
                Libc.msginfo messages;
                return Libc.msgctl(0, Libc.MSG_INFO, &messages) >= 0 ? messages.msgpool : null;
            case "kernel.shmmni":
                return Memory()?.used_ids;
            case "kernel.shmall":
                return (long?)Memory()?.shm_tot;
            case "kernel.sem.semmni":
                return Semaphores()?.semusz;
            case "kernel.sem.semmns":
                return Semaphores()?.semaem;
            case "fs.file-max":
                return Field("/proc/sys/fs/file-nr", ""u8);
            case "RLIMIT_NOFILE":
                using (SafeDescriptor? own = Directories.TryOpen("/proc/self/fd"))
                {
                    return own is null ? null : Directories.Names(own).Count - 2; // the two by which it was counted
                }

            case "RLIMIT_MEMLOCK":
                return Field("/proc/self/status", "VmLck:"u8) * 1024;
            case "RLIMIT_SIGPENDING":
                return Field("/proc/self/status", "SigQ:"u8);
            default:
                return null;
        }
    }

    /// <summary>What a POSIX queue counts against RLIMIT_MSGQUEUE: its messages, and what the kernel needs to keep them; see getrlimit(2).</summary>
    /// <param name="maxMessages">Messages that it holds at most.</param>
    /// <param name="maxMessageSize">Bytes that a message may have at most.</param>
    public static long BytesOfQueue(long maxMessages, long maxMessageSize)
    {
        const int messageHeader = 48; // struct msg_msg
        const int treeNode = 48;      // struct posix_msg_tree_node
        const int priorities = 32768;
        return (maxMessages * messageHeader) + (Math.Min(maxMessages, priorities) * treeNode) + (maxMessages * maxMessageSize);
    }

    private static unsafe Libc.shm_info? Memory()
    {
        Libc.shm_info info;
        return Libc.shmctl(0, Libc.SHM_INFO, &info) >= 0 ? info : null;
    }

    private static unsafe Libc.seminfo? Semaphores()
    {
        Libc.seminfo info;
        return Libc.semctl(0, 0, Libc.SEM_INFO, (nint)(&info)) >= 0 ? info : null;
    }

    /// <summary>The first number behind a label at the start of a line.</summary>
    private static long? Field(string path, ReadOnlySpan<byte> label)
    {
        foreach (ReadOnlySpan<byte> line in new ProcFile().Lines(path))
        {
            if (line.StartsWith(label))
            {
                ReadOnlySpan<byte> rest = line[label.Length..].TrimStart(" \t"u8);
                int end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                return long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
            }
        }

        return null;
    }
}
