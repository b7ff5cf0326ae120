namespace PsIpc.Native.Processes;

/// <summary>How a process ended: see waitid(2).</summary>
/// <param name="Code">What it returned, 0 to 255; null when a signal ended it, and when somebody else reaped it.</param>
/// <param name="Signal">The number of the signal that ended it; null when it exited.</param>
/// <param name="CoreDumped">Whether it left a core dump.</param>
public readonly record struct ExitStatus(int? Code, int? Signal, bool CoreDumped)
{
    private const int SignalBase = 128;

    /// <summary>The one number that a shell makes of it: the exit code, or 128 and the signal; null when nobody knows how it ended.</summary>
    public int? ShellStatus => Code ?? (SignalBase + Signal);
}
