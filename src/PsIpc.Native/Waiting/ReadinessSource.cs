using System;
using PsIpc.Native.Handles;

namespace PsIpc.Native.Waiting;

/// <summary>
/// Something that can be waited for together with others, without anything being taken from it. Each mechanism makes its own; a
/// <see cref="ReadinessSet"/> waits for them.
/// </summary>
public abstract class ReadinessSource : IDisposable
{
    /// <summary>How it is learnt that it has become ready.</summary>
    public abstract ReadinessMeans Means { get; }

    /// <summary>The descriptor that poll(2) is to look at; null of one that has none. It stays this source's.</summary>
    public virtual SafeDescriptor? Descriptor => null;

    /// <summary>What poll(2) is to look for.</summary>
    public virtual DescriptorEvents Events => DescriptorEvents.None;

    /// <summary>A descriptor of the file whose removal inotify(7) is to tell; null where there is no such file. It stays this source's.</summary>
    public virtual SafeDescriptor? WatchedFile => null;

    /// <summary>Whether it can vanish without the kernel's telling, though the kernel tells when it is ready: it is looked at now and then.</summary>
    public virtual bool CanVanish => false;

    /// <summary>Called when inotify(7) watches the file: the watch keeps its inode, so that whoever looks who has it open need not find this process.</summary>
    public virtual void OnWatched()
    {
    }

    /// <summary>What a source calls that learns by itself that something has changed, from whichever thread; set by who waits.</summary>
    public Action? Changed { get; set; }

    /// <summary>Whether it is ready now. Never waits, takes nothing.</summary>
    /// <param name="found">What poll(2) found just now; nothing when it was not asked.</param>
    /// <param name="look">A number that all sources have in common that are looked at together, so that they may share what they look at.</param>
    /// <exception cref="IpcException">It will never be: it is gone, or may not be looked at.</exception>
    public abstract bool IsReady(DescriptorEvents found, long look);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what it opened.</summary>
    /// <param name="disposing">Whether managed objects may be touched.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
