namespace PsIpc.Native.Signals;

/// <summary>Something else in this process handles the signal: a PosixSignalRegistration of .NET, or a native library.</summary>
/// <param name="signal">The signal's number.</param>
public sealed class SignalTakenException(int signal)
    : IpcException("sigaction(taken)", Errno.EBUSY)
{
    /// <summary>The signal's number.</summary>
    public int Signal { get; } = signal;
}
