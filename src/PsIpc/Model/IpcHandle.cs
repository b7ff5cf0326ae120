using System;
using System.Management.Automation;

namespace PsIpc;

/// <summary>
/// Something that this process has and that has no name to be found by again: it is given back by Close-IpcHandle or Dispose. Good in
/// its own process only; what goes through a job or remoting is a picture of it.
/// </summary>
public abstract class IpcHandle : IDisposable, Columns.IHandle
{
    /// <summary>Whether it was given back.</summary>
    [Hidden]
    public abstract bool IsClosed { get; }

    string Columns.IHandle.HandleText => HandleText;

    string Columns.IHandle.DescriptorText => DescriptorText;

    string Columns.IHandle.StateText => StateText;

    string Columns.IHandle.SizeText => SizeText;

    string Columns.IHandle.NameText => NameText;

    /// <summary>What sort of handle it is, in a word.</summary>
    internal abstract string HandleText { get; }

    /// <summary>Its descriptor or descriptors; empty when it has none, and when it is closed.</summary>
    internal virtual string DescriptorText => "";

    /// <summary>What may be done with it, or how it is connected.</summary>
    internal abstract string StateText { get; }

    /// <summary>How much it holds, or has room for; empty where that means nothing.</summary>
    internal virtual string SizeText => "";

    /// <summary>What it belongs to.</summary>
    internal abstract string NameText { get; }

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
