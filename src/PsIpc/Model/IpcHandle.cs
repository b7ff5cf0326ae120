using System;
using System.Management.Automation;

namespace PsIpc;

/// <summary>
/// Something that this process has and that has no name to be found by again: it is given back by Close-IpcHandle or Dispose. Good in
/// its own process only; what goes through a job or remoting is a picture of it.
/// </summary>
public abstract class IpcHandle : IDisposable
{
    /// <summary>Whether it was given back.</summary>
    [Hidden]
    public abstract bool IsClosed { get; }

    /// <summary>Raised when it has been given back, on the thread that did it; must not wait.</summary>
    internal event Action? Closed;

    /// <summary>Gives it back. Doing so again does nothing.</summary>
    public void Dispose()
    {
        Close();
        OnClosed();
        GC.SuppressFinalize(this);
    }

    /// <summary>Tells those who wait that it was given back, where that is done without disposing it.</summary>
    private protected void OnClosed() => Closed?.Invoke();

    /// <summary>Gives it back; must bear to be called again.</summary>
    private protected abstract void Close();
}
