using System.Globalization;

namespace PsIpc.Native.Signals;

/// <summary>The names of signals: signal(7). Their numbers are the same on x64 and arm64.</summary>
public static class SignalName
{
    private const int FirstRealTime = 32;
    private const int LastRealTime = 64;
    private const int RealTimeOfUsers = 34; // the C libraries keep 32 and 33, musl 34 as well; kill -l counts from 34

    /// <summary>The name with SIG; real-time signals as SIGRTMIN+n; the bare number where there is no such signal.</summary>
    /// <param name="number">The signal's number.</param>
    public static string Of(int number) => number switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        16 => "SIGSTKFLT",
        17 => "SIGCHLD",
        18 => "SIGCONT",
        19 => "SIGSTOP",
        20 => "SIGTSTP",
        21 => "SIGTTIN",
        22 => "SIGTTOU",
        23 => "SIGURG",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        26 => "SIGVTALRM",
        27 => "SIGPROF",
        28 => "SIGWINCH",
        29 => "SIGIO",
        30 => "SIGPWR",
        31 => "SIGSYS",
        RealTimeOfUsers => "SIGRTMIN",
        > RealTimeOfUsers and <= LastRealTime => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{number - RealTimeOfUsers}"),
        >= FirstRealTime and < RealTimeOfUsers => string.Create(CultureInfo.InvariantCulture, $"SIG{number}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number}"),
    };
}
