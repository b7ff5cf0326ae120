using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Signals;

/// <summary>
/// A process to send signals to, held by a descriptor (pidfd_open(2)): once this is open, what is sent reaches that process or
/// none, whoever gets its number later.
/// </summary>
public sealed class SignalTarget : IDisposable
{
    private readonly SafeDescriptor _process;

    private SignalTarget(SafeDescriptor process) => _process = process;

    /// <summary>Opens a process.</summary>
    /// <param name="processId">Its pid; above 0.</param>
    /// <exception cref="IpcException">"pidfd_open" ESRCH: there is none, or it has ended; ENOSYS: the kernel is older than 5.3.</exception>
    public static SignalTarget Open(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processId, 1);
        int descriptor = Libc.pidfd_open(processId, 0);
        if (descriptor < 0 && Libc.LastErrno is Errno.EINVAL or Errno.ENOENT)
        {
            throw new IpcException("pidfd_open", Errno.ESRCH); // the number of a thread that is not the first of its process
        }

        SignalTarget target = new(SafeDescriptor.Checked(descriptor, "pidfd_open"));
        if (target.HasEnded)
        {
            target.Dispose();
            throw new IpcException("pidfd_open", Errno.ESRCH);
        }

        return target;
    }

    /// <summary>Whether it has ended; also while nobody has asked yet how it did (a zombie, to which everything can be sent).</summary>
    public unsafe bool HasEnded
    {
        get
        {
            using DescriptorLease process = new(_process);
            Libc.pollfd poll = new() { fd = process.Value, events = Libc.POLLIN };
            return Libc.poll(&poll, 1, 0) > 0;
        }
    }

    /// <summary>Sends a signal to every process of a group: kill(2) with a negative number.</summary>
    /// <param name="processGroup">The group; above 1, because -1 stands for all processes there are.</param>
    /// <param name="signal">The signal's number.</param>
    /// <exception cref="IpcException">"kill(group)" ESRCH: it has no process; EPERM: you may send it to none of them.</exception>
    public static void SendToGroup(int processGroup, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processGroup, 2);
        _ = IpcException.Check(Libc.kill(-processGroup, signal), "kill(group)");
    }

    /// <summary>Whether a process leads a group of its own: getpgid(2).</summary>
    /// <param name="processId">The process.</param>
    public static bool IsGroupLeader(int processId) => Libc.getpgid(processId) == processId;

    /// <summary>The process group of this process: getpgrp(2).</summary>
    public static int OwnGroup => Libc.getpgid(0);

    /// <summary>Sends a signal, with a value as sigqueue(3) does or without as kill(2).</summary>
    /// <param name="signal">The signal's number.</param>
    /// <param name="value">What goes with it.</param>
    /// <exception cref="IpcException">
    /// "pidfd_send_signal" ESRCH: it has ended; EPERM: it belongs to another user; EAGAIN: its user has as many signals queued as
    /// its RLIMIT_SIGPENDING allows.
    /// </exception>
    public unsafe void Send(int signal, int? value)
    {
        using DescriptorLease process = new(_process);
        int result;
        if (value is { } number)
        {
            Libc.siginfo_t info = new()
            {
                si_signo = signal,
                si_code = SignalCode.Queue,
                si_pid = Libc.getpid(),
                si_uid = Libc.getuid(),
                si_value = unchecked((nint)(uint)number), // the union's upper half is nobody's
            };
            result = Libc.pidfd_send_signal(process.Value, signal, &info, 0);
        }
        else
        {
            result = Libc.pidfd_send_signal(process.Value, signal, null, 0);
        }

        _ = IpcException.Check(result, "pidfd_send_signal");
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
