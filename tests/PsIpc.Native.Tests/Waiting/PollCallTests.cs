using System;
using System.IO.Pipes;
using PsIpc.Native.Interop;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Waiting;

public sealed class PollCallTests
{
    private const int POLLHUP = 0x10;
    private const int POLLNVAL = 0x20;

    [Fact]
    public void It_waits_until_there_is_something()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        using Waiter waiter = new();
        int descriptor = (int)pipe.ClientSafePipeHandle.DangerousGetHandle();
        Assert.Equal(WaitStatus.WouldBlock, waiter.Run(new PollCall(descriptor, Libc.POLLIN), Deadline.NoWait, out _));
        Assert.Equal(WaitStatus.TimedOut, waiter.Run(new PollCall(descriptor, Libc.POLLIN), Deadline.After(TimeSpan.FromMilliseconds(5)), out _));
        Worker<nint> waiting = Worker<nint>.Start(() =>
        {
            using Waiter own = new();
            Assert.Equal(WaitStatus.Done, own.Run(new PollCall(descriptor, Libc.POLLIN), Deadline.Infinite, out nint found));
            return found;
        });
        pipe.WriteByte(1);
        Assert.Equal(Libc.POLLIN, waiting.Result());
        Assert.Equal(WaitStatus.Done, waiter.Run(new PollCall(descriptor, Libc.POLLIN), Deadline.NoWait, out nint now));
        Assert.Equal(Libc.POLLIN, now);
        waiter.Cancel();
        Assert.Equal(WaitStatus.Cancelled, waiter.Run(new PollCall(descriptor, Libc.POLLIN), Deadline.Infinite, out _));
        GC.KeepAlive(pipe);
    }

    /// <summary>A writer that has gone and a number that is none are found, too: nobody waits for ever.</summary>
    [Fact]
    public void It_ends_by_what_nobody_asked_for()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.In);
        using Waiter waiter = new();
        pipe.DisposeLocalCopyOfClientHandle();
        Assert.Equal(WaitStatus.Done, waiter.Run(new PollCall((int)pipe.SafePipeHandle.DangerousGetHandle(), Libc.POLLIN), Deadline.Infinite, out nint found));
        Assert.Equal(POLLHUP, found);
        Assert.Equal(WaitStatus.Done, waiter.Run(new PollCall(int.MaxValue, Libc.POLLIN), Deadline.Infinite, out found));
        Assert.Equal(POLLNVAL, found);
    }
}
