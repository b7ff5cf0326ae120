using PsIpc.Native.Handles;

namespace PsIpc.Native.Waiting;

/// <summary>Waits for a descriptor of this process: a pipe, a FIFO, a socket, whatever poll(2) knows.</summary>
/// <param name="descriptor">The descriptor.</param>
/// <param name="condition">What for; of <see cref="WaitCondition.Gone"/> the hang-up is meant, or that nobody is left who reads.</param>
/// <param name="owns">Whether it is closed with this.</param>
public class DescriptorReadiness(SafeDescriptor descriptor, WaitCondition condition, bool owns) : ReadinessSource
{
    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.Descriptor;

    /// <inheritdoc/>
    public override SafeDescriptor Descriptor => descriptor;

    /// <inheritdoc/>
    public override DescriptorEvents Events => condition switch
    {
        WaitCondition.Readable => DescriptorEvents.Input,
        WaitCondition.Writable => DescriptorEvents.Output,
        _ => DescriptorEvents.None,
    };

    /// <inheritdoc/>
    /// <remarks>The end of the data and an error are ready to be read as well: to read would not wait.</remarks>
    public override bool IsReady(DescriptorEvents found, long look) =>
        (found & DescriptorEvents.Invalid) != 0
            ? throw new IpcException("poll", Errno.EBADF)
            : (found & (Events | DescriptorEvents.Error | DescriptorEvents.HangUp)) != 0;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && owns)
        {
            descriptor.Dispose();
        }

        base.Dispose(disposing);
    }
}
