using System.Globalization;

namespace PsIpc.Native.Signals;

/// <summary>What si_code says: sigaction(2).</summary>
internal static class SignalCode
{
    internal const int User = 0;
    internal const int Queue = -1;
    private const int Timer = -2;
    private const int MessageQueue = -3;
    private const int AsyncIo = -4;
    private const int ThreadKill = -6;
    private const int InputOutput = 29; // SIGIO: codes above 0 are those of poll

    /// <summary>Whether a process sent it and is named.</summary>
    internal static bool HasSender(int code) => code is User or Queue or MessageQueue or ThreadKill;

    /// <summary>Whether a value goes with it.</summary>
    internal static bool HasValue(int code) => code is Queue or Timer or MessageQueue or AsyncIo;

    /// <summary>The name of the headers; the number where there is none.</summary>
    internal static string NameOf(int signal, int code) => code switch
    {
        User => "SI_USER",
        Queue => "SI_QUEUE",
        Timer => "SI_TIMER",
        MessageQueue => "SI_MESGQ",
        AsyncIo => "SI_ASYNCIO",
        -5 => "SI_SIGIO",
        ThreadKill => "SI_TKILL",
        0x80 => "SI_KERNEL",
        1 when signal == InputOutput => "POLL_IN",
        2 when signal == InputOutput => "POLL_OUT",
        3 when signal == InputOutput => "POLL_MSG",
        4 when signal == InputOutput => "POLL_ERR",
        5 when signal == InputOutput => "POLL_PRI",
        6 when signal == InputOutput => "POLL_HUP",
        _ => code.ToString(CultureInfo.InvariantCulture),
    };
}
