namespace PsIpc.Native.Waiting;

/// <summary>How it is learnt that something has become ready.</summary>
public enum ReadinessMeans
{
    /// <summary>The kernel wakes who waits, at once: poll(2).</summary>
    Descriptor,

    /// <summary>The kernel wakes who waits when the file is removed, at once: inotify(7).</summary>
    File,

    /// <summary>This process itself does it, and says so at once.</summary>
    Itself,

    /// <summary>Nothing tells: it is looked at again and again, 1 ms after the wait began at first and 50 ms apart at last.</summary>
    Look,
}
