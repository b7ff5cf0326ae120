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

    // What the table of handles shows has names of its own: the view of a layout may have fields called Name or State.

    /// <summary>What sort of handle it is, in a word, for tables.</summary>
    [Hidden]
    public abstract string HandleText { get; }

    /// <summary>Its descriptor or descriptors, for tables; empty when it has none, and when it is closed.</summary>
    [Hidden]
    public virtual string DescriptorText => "";

    /// <summary>What may be done with it, or how it is connected, for tables.</summary>
    [Hidden]
    public abstract string StateText { get; }

    /// <summary>How much it holds, or has room for, for tables; empty where that means nothing.</summary>
    [Hidden]
    public virtual string SizeText => "";

    /// <summary>What it belongs to, for tables.</summary>
    [Hidden]
    public abstract string NameText { get; }

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
