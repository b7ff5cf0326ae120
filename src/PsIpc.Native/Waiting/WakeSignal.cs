using PsIpc.Native.Interop;

namespace PsIpc.Native.Waiting;

/// <summary>
/// The real-time signal that takes a thread out of a system call. Its handler is a function of the C library that
/// does nothing, so no managed code ever runs in signal context, and it is installed without SA_RESTART, so that
/// the call comes back with EINTR.
/// </summary>
/// <remarks>
/// Installed once in the process and never taken away: the one piece of mutable global state there is. Two loaded
/// copies of this library agree, because each recognises the handler of the other by its address.
/// </remarks>
internal static class WakeSignal
{
    /// <summary>34 is CoreCLR's, 32 and 33 are the C library's.</summary>
    private const int Lowest = 35;

    private static readonly int ProcessId = Libc.getpid();

    /// <summary>The signal's number: the highest that nobody else uses. Two who install it at once find the same: what the one has set, the other recognises.</summary>
    /// <exception cref="IpcException">EBUSY: all are in use by now.</exception>
    internal static int Number => field != 0 ? field : field = Install();

    /// <summary>
    /// Sends the signal to one thread of this process. Failure is not reported: the sender repeats until the thread
    /// acknowledges, and a thread that is gone has acknowledged.
    /// </summary>
    internal static void Send(int threadId) => _ = Libc.tgkill(ProcessId, threadId, Number);

    /// <summary>Makes sure that the current thread can be woken: it may have inherited a mask that blocks the signal.</summary>
    internal static unsafe void Unblock()
    {
        Libc.sigset_t set = new() { first = 1UL << (Number - 1) };
        _ = Libc.pthread_sigmask(Libc.SIG_UNBLOCK, &set, null); // can only fail for a wrong first argument
    }

    private static unsafe int Install()
    {
        // abs(3) reads its argument, the signal's number, and touches nothing else.
        nint nothing = Libc.AddressOf("abs");
        for (int signal = Libc.__libc_current_sigrtmax(); signal >= Lowest; signal--)
        {
            Libc.sigaction_t current;
            _ = IpcException.Check(Libc.sigaction(signal, null, &current), "sigaction");
            if (current.sa_handler == nothing)
            {
                return signal; // another copy of this library was here first
            }

            if (current.sa_handler == Libc.SIG_DFL)
            {
                Libc.sigaction_t ours = new() { sa_handler = nothing };
                _ = IpcException.Check(Libc.sigaction(signal, &ours, null), "sigaction");
                return signal;
            }
        }

        throw new IpcException("sigaction", Errno.EBUSY);
    }
}
