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

    /// <summary>Gives it back. Doing so again does nothing.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives it back; must bear to be called again.</summary>
    private protected abstract void Close();
}
