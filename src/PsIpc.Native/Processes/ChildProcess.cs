using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Processes;

/// <summary>
/// A program that was started. It is reaped as soon as it ends, waited for or not, so that no zombie is left and whoever
/// looks for its process id (Wait-Process, kill) is told the truth. See posix_spawn(3), waitid(2).
/// </summary>
/// <remarks>Disposing it, or forgetting it, does nothing to the program, and takes its end from nobody who waits for it.</remarks>
public sealed class ChildProcess : IDisposable
{
    private const int ReaperStack = 256 * 1024; // what .NET gives its own threads that only wait
    private const int DescriptorsOfThread = 4; // more than .NET opens while it starts one
    private readonly Lock _gate = new();
    private readonly SafeDescriptor _ended; // readable from the end on, for as many as wait; closed when the last has left
    private ExitStatus? _exit;

    private ChildProcess() => _ended = SafeDescriptor.Checked(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");

    /// <summary>Its process id. Another process may have it once this one has ended.</summary>
    public int Id { get; private set; }

    /// <summary>How it ended; null while it runs.</summary>
    public ExitStatus? Exit
    {
        get
        {
            lock (_gate)
            {
                return _exit;
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="start">What to start.</param>
    /// <exception cref="IpcException">
    /// "chdir": the working directory is none or not open to us; "execve": the program is not there (ENOENT), not executable
    /// (EACCES), in no known format (ENOEXEC) or its arguments are too long (E2BIG); "execve(interpreter)": the interpreter in
    /// its first line is not there (ENOENT) or cannot be executed (EACCES, ELOOP); "posix_spawn" EAGAIN: RLIMIT_NPROC or pid_max reached.
    /// </exception>
    public static ChildProcess Start(ProcessStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        ChildProcess child = new();
        using ManualResetEventSlim started = new();
        ExceptionDispatchInfo? failure = null;

        // The thread comes first: where no thread can be made, no child may be left that nobody reaps. And the thread
        // starts it, because to a child with PR_SET_PDEATHSIG its parent is the thread: this one lives as long as it does.
        Thread reaper = new(
            () =>
            {
                using DescriptorLease ended = new(child._ended); // whoever disposes: those who wait already are told
                try
                {
                    child.Id = Spawner.Spawn(start);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e); // whatever it is, it belongs to who starts
                    return;
                }
                finally
                {
                    started.Set();
                }

                child.Reap(ended.Value);
            },
            ReaperStack)
        {
            IsBackground = true,
            Name = "PsIpc child",
        };
        try
        {
            reaper.Start();
        }
        catch (OutOfMemoryException)
        {
            Errno shortage = child.FindShortage();
            child.Dispose();
            throw new IpcException("posix_spawn", shortage);
        }

        started.Wait();
        if (failure is not null)
        {
            child.Dispose();
            failure.Throw();
        }

        return child;
    }

    /// <summary>Waits for its end.</summary>
    /// <param name="waiter">Cancels the wait.</param>
    /// <param name="deadline">How long to wait.</param>
    public WaitStatus Wait(Waiter waiter, Deadline deadline)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        DescriptorLease ended;
        lock (_gate)
        {
            if (_exit is not null)
            {
                return WaitStatus.Done;
            }

            ended = new DescriptorLease(_ended); // under the lock: at the end the reaper lets go of it
        }

        using (ended)
        {
            return waiter.Run(new PollCall(ended.Value, Libc.POLLIN), deadline, out _);
        }
    }

    /// <summary>Waits for its end together with others; when that is seen, <see cref="Exit"/> says how it ended.</summary>
    /// <exception cref="IpcException">fcntl(F_DUPFD_CLOEXEC) EMFILE.</exception>
    public ReadinessSource OpenReadiness()
    {
        lock (_gate)
        {
            return _exit is not null ? new EndedReadiness() : new DescriptorReadiness(_ended.Duplicate(), WaitCondition.Readable, owns: true);
        }
    }

    /// <summary>Sends it a signal; once it has ended, its number is never used again for that.</summary>
    /// <param name="signal">The signal's number: kill(2).</param>
    /// <returns>Whether it was still there.</returns>
    /// <exception cref="IpcException">EPERM: it changed its user; EINVAL: there is no such signal.</exception>
    public bool Send(int signal) => TryVisit(id => _ = IpcException.Check(Libc.kill(id, signal), "kill"));

    /// <summary>Does something with its process id, which is no other's until that is done. It must not wait.</summary>
    /// <param name="act">What to do.</param>
    /// <returns>Whether it was still there.</returns>
    public bool TryVisit(Action<int> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        lock (_gate)
        {
            if (_exit is not null)
            {
                return false;
            }

            act(Id);
            return true;
        }
    }

    /// <summary>Kills it with all that it started, and that those started. Once it has ended, nothing of that can be found any more.</summary>
    /// <exception cref="IpcException">kill EPERM: one of them has another user; the others are killed all the same.</exception>
    public void KillTree()
    {
        if (Exit is null)
        {
            ProcessTree.Kill(this);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    /// <summary>Why there is no thread: .NET takes descriptors for one and says OutOfMemory for all; and threads count as processes do.</summary>
    private Errno FindShortage()
    {
        SafeDescriptor?[] probes = new SafeDescriptor?[DescriptorsOfThread];
        try
        {
            using DescriptorLease ended = new(_ended);
            for (int i = 0; i < probes.Length; i++)
            {
                int copy = Libc.fcntl(ended.Value, Libc.F_DUPFD_CLOEXEC, 0);
                if (copy < 0)
                {
                    return Libc.LastErrno;
                }

                probes[i] = new SafeDescriptor(copy);
            }

            return Errno.EAGAIN;
        }
        finally
        {
            Array.ForEach(probes, probe => probe?.Dispose());
        }
    }

    private unsafe void Reap(int ended)
    {
        Libc.siginfo_t info;
        int result;
        do
        {
            // It stays a zombie until the lock is held: who sends a signal meanwhile cannot hit another process of its number.
            result = Libc.waitid(Libc.P_PID, (uint)Id, &info, Libc.WEXITED | Libc.WNOWAIT);
        }
        while (result < 0 && Libc.LastErrno == Errno.EINTR);

        lock (_gate)
        {
            // Somebody else in this process may have reaped every child there is (SIGCHLD ignored): then nobody knows how it ended.
            _exit = result == 0 && Libc.waitid(Libc.P_PID, (uint)Id, &info, Libc.WEXITED | Libc.WNOHANG) == 0
                ? info.si_code == Libc.CLD_EXITED
                    ? new ExitStatus(info.si_status, null, false)
                    : new ExitStatus(null, info.si_status, info.si_code == Libc.CLD_DUMPED)
                : new ExitStatus(null, null, false);
        }

        _ = Libc.eventfd_write(ended, 1);
        _ended.Dispose();
    }
}
